"""What a row shows of other rows."""

from hadir.domain import events as e
from hadir.domain.values import Actor
from tests.views.world import LEADER, OFFICERS, World

OFFICER = Actor(id=OFFICERS[0].id, role="officer", agency="bpbd")


def accepted(world: World) -> tuple[str, str]:
    """(order, task): said back, confirmed, accepted by one press."""
    order = confirmed(world)
    task = world.give(world.orders[order].incident, order_id=order)
    world.tell(f"order/{order}", e.OrderAccepted(task_id=task), OFFICER)
    for event in (e.TaskAssigned(officer=OFFICER.id), e.TaskAccepted()):
        world.tell(f"task/{task}", event, OFFICER)
    return order, task


def confirmed(world: World) -> str:
    order = world.order(world.open())
    told = f"order/{order}"
    world.tell(told, e.OrderDelivered(), OFFICER)
    world.tell(told, e.OrderSeen(), OFFICER)
    said = world.orders[order].said
    back = e.OrderReadBack(area=said.area, action=said.action, within_min=said.within_min)
    world.tell(told, back, OFFICER)
    world.tell(told, e.OrderConfirmed(), LEADER)
    return order


def test_one_press_of_accepting_is_one_step_of_the_order() -> None:
    world = World()
    order, task = accepted(world)
    assert [step.state for step in world.picture.orders[order].steps][-2:] == ["confirmed", "accepted"]
    assert world.picture.orders[order].task_state == "accepted"
    world.tell(f"task/{task}", e.TaskEnRoute(), OFFICER)
    assert [step.state for step in world.picture.orders[order].steps][-2:] == ["accepted", "en_route"]


def test_why_it_was_refused_given_back_or_taken_back_stands_on_the_row() -> None:
    world = World()
    refused, back = world.order(world.open()), world.order(world.open())
    world.tell(f"order/{refused}", e.OrderRefused(), OFFICER, {"text": "jalan putus"})
    world.tell(f"order/{back}", e.OrderCancelled(), LEADER, {"text": "sudah surut"})
    assert [world.picture.orders[id].reason for id in (refused, back)] == ["jalan putus", "sudah surut"]
    _, task = accepted(world)
    world.tell(f"task/{task}", e.TaskDeclined(), OFFICER, {"text": "ban bocor"})
    assert world.picture.tasks[task].declined_reason == "ban bocor"
    world.tell(f"task/{task}", e.TaskAssigned(officer=OFFICERS[1].id))
    assert world.picture.tasks[task].declined_reason is None


def test_a_task_that_was_given_back_and_sent_back_is_told_again() -> None:
    world = World()
    order, task = accepted(world)
    for event in (e.TaskDeclined(), e.TaskAssigned(officer=OFFICER.id), e.TaskAccepted(), e.TaskDone(photos=1)):
        world.tell(f"task/{task}", event, OFFICER)
    world.tell(f"task/{task}", e.TaskSentBack())
    states = [step.state for step in world.picture.orders[order].steps]
    assert states[-6:] == ["accepted", "given", "assigned", "accepted", "done", "accepted"]


def test_an_order_that_joined_a_task_shows_how_the_task_goes_on() -> None:
    """The officer had been sent there by his agency before: the order makes no second task."""
    world = World()
    order = confirmed(world)
    task = world.give(world.orders[order].incident)
    for event in (e.TaskAssigned(officer=OFFICER.id), e.TaskAccepted(), e.TaskEnRoute()):
        world.tell(f"task/{task}", event, OFFICER)
    world.tell(f"order/{order}", e.OrderAccepted(task_id=task), OFFICER)
    assert world.picture.orders[order].task_state == "en_route"
    for event in (e.TaskOnScene(), e.TaskDone(photos=1), e.TaskVerified()):
        world.tell(f"task/{task}", event, OFFICER)
    row = world.picture.orders[order]
    assert row.task_state == "verified"
    assert [step.state for step in row.steps][-4:] == ["accepted", "on_scene", "done", "verified"]
