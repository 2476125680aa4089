"""The proof: for every kind of event and every viewer, the board before, folded with the frame, is the board after."""

import json
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hadir.domain import events as e
from hadir.domain.people import SEES, Sight
from hadir.domain.values import Actor, Copy, Place
from hadir.views.audience import pick
from tests.views.world import AREAS, AUDIENCES, LEADER, OFFICERS, OPERATOR, World

OFFICER = Actor(id=OFFICERS[0].id, role="officer", agency="bpbd")
OTHER_DESK = Actor(id="opd-dpupr", role="desk", agency="dpupr")
SYSTEM = Actor(id="system", role="system")

W = TypeVar("W", bound=World)


@given(choices=st.lists(st.integers(min_value=0, max_value=10_000), max_size=80))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_history_by_the_rules_keeps_every_screen_right(choices: list[int]) -> None:
    world = World()
    for choice in choices:
        steps = world.possible()
        # Most of what could happen is one more report: half of the time take a step of something that is there.
        turn = choice // 2 % len(steps)
        steps[-1 - turn if choice % 2 else turn]()


def the_whole_story(world: W) -> W:
    """Every kind of event at least once, told as it goes in a night of rain."""
    one_incident_s_story(world)
    _merges(world)
    return world


def one_incident_s_story(world: W) -> W:
    """All that can happen to one incident, and to nothing else."""
    _reports(world)
    _own_words(world)
    _areas(world)
    _work(world)
    _field(world)
    _orders(world)
    changed = e.NoticeChannelChanged(
        to=OFFICER.id, about="orders/01J", says="order_sent", before="push", channel="sms", why="not_delivered"
    )
    world.tell("notice/01J", changed, SYSTEM)
    return world


def _own_words(world: World) -> None:
    """A reporter corrects, asks for erasure, thinks again; a photo is covered and shown; then all of it is gone."""
    own = f"report/{world.receive(AREAS[1])}"
    said = {"text": "lebih tepat", "photos": ["c" * 64], "place": {"lat": -8.1, "lon": 112.1, "words": "gang"}}
    world.tell(own, e.ReportCorrected(), said=said)
    world.tell(own, e.PhotoCovered(public=True), OPERATOR, {"photo": "c" * 64})
    world.tell(own, e.ErasureAsked(due=world.now))
    world.tell(own, e.ErasureWithdrawn())
    world.tell(own, e.ContentsErased(why="asked", contents=2), SYSTEM)


def _reports(world: World) -> None:
    first, second, third = world.receive(), world.receive(), world.receive(AREAS[1])
    world.tell(f"report/{first}", e.ReportIdentified(), said={"contact": {"name": "Warga"}})
    world.tell(f"report/{first}", e.ReportPhotosCame(photos=1), said={"photos": ["b" * 64]})
    world.tell(f"report/{third}", e.ReportClaimed())
    world.tell(f"report/{third}", e.ReportReleased())
    world.tell(f"report/{third}", e.ReportPrioritised(points=40.0), OPERATOR, {"text": "dekat sekolah"})
    world.tell(f"report/{third}", e.ReportRecategorised(category="drain", urgency=2))
    world.tell(
        f"report/{third}",
        e.ReportRelocated(place=Place(area=AREAS[0])),
        OPERATOR,
        {"place": {"lat": -8.1, "lon": 112.1}},
    )
    world.tell(f"report/{third}", e.ReportDismissed(disposition="duplicate"))
    world.tell(f"report/{third}", e.ReportRestored())
    fourth = world.receive(AREAS[1], held=True)
    world.tell(f"report/{fourth}", e.ReportAdmitted())
    world.tell(f"report/{fourth}", e.ReportHeld())
    incident = world.open()
    for id in (first, second, third):
        world.tell(f"report/{id}", e.ReportJoined(incident_id=incident))
    world.tell(f"report/{third}", e.ReportLeft(incident_id=incident))
    world.tell(f"incident/{incident}", e.IncidentGraded(severity="severe", level=2))
    world.tell(f"incident/{incident}", e.IncidentNoted(), OPERATOR, {"text": "pompa di jalan"})
    world.tell(f"incident/{incident}", e.IncidentSeconded(reporter="p9"), Actor(id="device/p9", role="citizen"))
    _talk(world, first)
    _talk(world, third)


def _talk(world: World, report: str) -> None:
    """More words and photos, a question and its answer, read by two desks, and the rating."""
    stream, reporter = f"report/{report}", Actor(id=f"reporter/{report}", role="citizen")
    world.tell(
        stream, e.ReportFollowedUp(photos=1), reporter, {"text": "0812-3456-7890 makin naik", "photos": ["d" * 64]}
    )
    world.tell(stream, e.ReportQuestioned(question_id=f"q1{report}"), OPERATOR, {"text": "Dekat apa?"})
    world.tell(stream, e.ReportFollowedUp(answers=f"q1{report}"), reporter, {"text": "Dekat musala"})
    world.tell(stream, e.ReportQuestioned(question_id=f"q2{report}", agency="dpupr"), OTHER_DESK, {"text": "Masih?"})
    world.tell(stream, e.ReportQuestionWithdrawn(question_id=f"q2{report}"), OTHER_DESK)
    world.tell(stream, e.ReportHeard(), OPERATOR)
    world.tell(stream, e.ReportHeard(agency="bpbd"), Actor(id="opd-bpbd", role="desk", agency="bpbd"))
    world.tell(stream, e.ReportRated(result="good", incident="x", agencies=("bpbd",)), reporter, {"text": "cepat"})


def _areas(world: World) -> None:
    stream = f"area/{AREAS[0]}"
    for event in (
        e.AreaFloodReported(source="citizen", witness="p1", depth_cm=45, photo=True),
        e.AreaFloodSuspected(),
        e.AreaFloodConfirmed(),
        e.AreaFloodDeclared(depth_cm=60),
        e.AreaFloodReceding(),
        e.AreaFloodOver(),
    ):
        world.tell(stream, event)


def _work(world: World) -> None:
    incident = next(iter(world.incidents))
    task = world.give(incident)
    stream = f"task/{task}"
    world.tell(stream, e.TaskOffered(to_agency="dpupr"), OPERATOR, {"text": "bukan urusan kami"})
    world.tell(stream, e.TaskReturned(), OTHER_DESK, {"text": "kami juga bukan"})
    world.tell(stream, e.TaskOffered(to_agency="dpupr"))
    world.tell(stream, e.TaskTaken(agency="dpupr"), OTHER_DESK)
    world.tell(stream, e.TaskAssigned(officer="petugas-3"), OTHER_DESK)
    world.tell(stream, e.TaskCancelled(), OPERATOR, {"text": "salah alamat"})
    stream = f"task/{world.give(incident)}"
    world.tell(stream, e.TaskAssigned(officer="petugas-2"))
    world.tell(stream, e.TaskDeclined(), OFFICER, {"text": "ban bocor"})
    world.tell(stream, e.TaskAssigned(officer="petugas-2"))
    world.tell(stream, e.TaskUnassigned())
    world.tell(stream, e.TaskAssigned(officer="petugas-1"))
    world.tell("unit/petugas-1", e.UnitStatusSet(status="available_radio", agency="bpbd"), OFFICER)
    for event in (e.TaskAccepted(), e.TaskEnRoute(), e.TaskOnScene(), e.TaskDone(photos=1)):
        world.tell(
            stream, event, OFFICER, {"text": "selesai", "photos": ["b" * 64]} if event.kind == "task.done" else None
        )
    world.tell(f"incident/{incident}", e.IncidentStarted(), SYSTEM)
    world.tell(stream, e.EvidenceChecked(photos=1, compared=7, flags=("proof_same_task",)), SYSTEM, _found(world))
    world.tell(stream, e.PhotoOriginalViewed(), OPERATOR, {"text": "diduga disunting"})
    world.tell(stream, e.TaskSentBack(), OPERATOR, {"text": "foto gelap"})
    world.tell(stream, e.TaskDone(photos=1), OFFICER)
    world.tell(stream, e.TaskVerified())
    _end(world, incident)


def _found(world: World) -> dict[str, object]:
    """A check's content: the photo, and an earlier one that shows the same."""
    whole, at = (0.0, 0.0, 1.0, 1.0), world.now.isoformat()
    same = {"photo": "c" * 64, "thing": "task/01J", "at": at, "percent": 98, "here": whole, "there": whole}
    return {"photos": [{"id": "b" * 64, "received_at": at, "distance_m": 30, "same": [same]}]}


def _field(world: World) -> None:
    """An officer alone in the water: his positions say where he is, his word does not come, he presses for help."""
    incident = next(iter(world.incidents))
    task = world.give(incident)
    mine = f"unit/{OFFICER.id}"
    who = {"agency": "bpbd", "task_id": task}
    for event in (e.TaskAssigned(officer=OFFICER.id), e.TaskAccepted()):
        world.tell(f"task/{task}", event, OFFICER)
    world.tell(mine, e.UnitArrivalProposed(**who, state="on_scene", distance_m=40), SYSTEM)
    world.tell(f"task/{task}", e.TaskOnScene(), OFFICER)
    world.tell(mine, e.UnitWatchBegun(**who, incident=incident, every_min=10, grace_min=3), SYSTEM)
    world.tell(mine, e.UnitCheckInMissed(**who, due=world.now), SYSTEM)
    world.tell(mine, e.UnitCheckedIn(agency="bpbd"), OFFICER)
    place = {"place": {"lat": -8.1, "lon": 112.1, "accuracy_m": 12.0}}
    world.tell(mine, e.UnitEmergencyRaised(agency="bpbd", area=AREAS[0], placed_at=world.now), OFFICER, place)
    world.tell(mine, e.UnitAlarmAcknowledged(agency="bpbd", alarm="emergency"))
    world.tell(mine, e.UnitAlarmClosed(agency="bpbd", alarm="emergency"), OPERATOR, {"text": "sudah dijemput"})
    world.tell(f"task/{task}", e.TaskCancelled(), OPERATOR, {"text": "ditarik"})
    world.tell(mine, e.UnitWatchEnded(**who), SYSTEM)


def _end(world: World, incident: str) -> None:
    first, second = [id for id, thing in world.reports.items() if thing.incident == incident]
    world.tell(f"incident/{incident}", e.IncidentResolved(), SYSTEM)
    for id in (first, second):
        world.tell(f"report/{id}", e.ReportAsked(incident_id=incident), SYSTEM)
    world.tell(f"report/{first}", e.ReportConfirmed(), Actor(id=f"reporter/{first}", role="citizen"))
    world.tell(f"incident/{incident}", e.IncidentClosed())
    late = Actor(id=f"reporter/{first}", role="citizen")
    world.tell(f"report/{first}", e.ReportFollowedUp(), late, {"text": "air datang lagi"})
    world.tell(f"report/{first}", e.ReportHeard(), OPERATOR)
    world.tell(
        f"report/{second}",
        e.ReportDisputed(),
        Actor(id=f"reporter/{second}", role="citizen"),
        {"text": "masih ada air"},
    )
    world.tell(f"incident/{incident}", e.IncidentReopened(), SYSTEM)


def _orders(world: World) -> None:
    incident = next(iter(world.incidents))
    good, late, refused, old, taken_back = (world.order(incident) for _ in range(5))
    stream = f"order/{good}"
    missed = e.OrderOverdue(
        step="delivered",
        due=world.now,
        said_version=1,
        consequence="channel",
        to=OFFICER.id,
        told=(Copy(account="petugas-4", audience="person:petugas-4", why="deputy"),),
    )
    world.tell(stream, missed, SYSTEM)
    world.tell(stream, e.OrderDelivered(), OFFICER)
    world.tell(stream, e.OrderSeen(), OFFICER)
    world.tell(stream, e.OrderReadBack(spoken=True), OFFICER, {"voice": {"id": "c" * 64, "type": "audio/webm"}})
    world.tell(stream, e.OrderReadBack(area=AREAS[0], action="measure", within_min=15), OFFICER)
    text = {"text": "Bukan ukur: cek"}
    new = e.OrderCorrected(action="check", place=Place(area=AREAS[0]), within_min=20, said_version=2)
    world.tell(stream, new, LEADER, text)
    world.tell(stream, e.OrderDelivered(), OFFICER)
    world.tell(stream, e.OrderSeen(), OFFICER)
    world.tell(stream, e.OrderReadBack(area=AREAS[0], action="check", within_min=20), OFFICER)
    world.tell(stream, e.OrderConfirmed(), LEADER)
    task = world.give(incident, order_id=good)
    world.tell(stream, e.OrderAccepted(task_id=task), OFFICER)
    world.tell(f"task/{task}", e.TaskAssigned(officer="petugas-1"))
    world.tell(f"task/{task}", e.TaskAccepted(), OFFICER)
    world.tell(f"order/{late}", e.OrderExpired(), SYSTEM)
    world.tell(f"order/{refused}", e.OrderRefused(), OFFICER, {"text": "jalan putus"})
    world.tell(f"order/{old}", e.OrderSuperseded(by_order=good), LEADER)
    world.tell(f"order/{taken_back}", e.OrderCancelled(), LEADER)


def _merges(world: World) -> None:
    """With reports, tasks at work and orders on both sides, there and back, and a split."""
    stays, goes = world.open(), world.open()
    for incident, count in ((stays, 2), (goes, 3)):
        for _ in range(count):
            world.tell(f"report/{world.receive()}", e.ReportJoined(incident_id=incident))
    for officer in OFFICERS[:2]:
        task = world.give(goes)
        world.tell(f"task/{task}", e.TaskAssigned(officer=officer.id))
        world.tell(f"task/{task}", e.TaskAccepted(), Actor(id=officer.id, role="officer", agency="bpbd"))
    world.order(goes)
    world.tell(f"incident/{goes}", e.IncidentGraded(severity="severe", level=2))
    world.merge(stays, goes)
    world.unmerge(stays, goes)
    new = world.split(goes)
    world.merge(goes, new, undoes=True)


def test_merge_and_undo_leave_the_board_as_it_was() -> None:
    world = World()
    stays, goes = world.open(), world.open(AREAS[1])
    reports = [world.receive() for _ in range(3)]
    for report, incident in zip(reports, (stays, goes, goes), strict=True):
        world.tell(f"report/{report}", e.ReportJoined(incident_id=incident))
    task = world.give(goes, "dpupr")
    world.tell(f"task/{task}", e.TaskAssigned(officer="petugas-3"))
    before = {audience: world.board(audience) for audience in AUDIENCES}
    world.merge(stays, goes)
    merged = world.board("city")["incidents"]
    assert merged.keys() == {stays}
    assert (merged[stays]["reports"], merged[stays]["tasks"]) == (3, [task])
    assert [part["id"] for part in merged[stays]["merged"]] == [goes]
    assert {row["incident"] for row in world.board("city")["reports"].values()} == {stays}
    assert world.board("person:petugas-3")["incidents"].keys() == {stays}
    assert world.board("public")["incidents"].keys() == {stays}
    world.unmerge(stays, goes)
    assert {audience: _unversioned(world.board(audience)) for audience in AUDIENCES} == {
        audience: _unversioned(board) for audience, board in before.items()
    }


def _unversioned(board: dict) -> dict:
    return {group: {id: _unnumbered(row) for id, row in rows.items()} for group, rows in board.items()}


def _unnumbered(row: dict) -> dict:
    return {name: value for name, value in row.items() if name not in ("version", "state_at")}


def test_every_kind_of_event_keeps_every_screen_right() -> None:
    world = the_whole_story(World())
    assert {fact.event.kind for fact, _ in world.facts} == {kind for kind, _ in e.KINDS}


def test_a_fact_applied_twice_changes_nothing() -> None:
    world = the_whole_story(World())
    boards = [world.board(audience) for audience in AUDIENCES]
    for fact, said in world.facts:
        assert not world.picture.apply(fact, said).rows
    assert boards == [world.board(audience) for audience in AUDIENCES]


def test_the_board_holds_only_the_fields_that_the_table_gives() -> None:
    world = the_whole_story(World())
    for audience in AUDIENCES:
        sight = Sight(audience.partition(":")[0]) if audience in ("city", "public") else None
        for group, rows in world.board(audience).items():
            for row in rows.values():
                assert not row.keys() & {"refs", "streams", "pressed", "pressed_at"}
                if sight is Sight.PUBLIC:
                    assert row.keys() <= SEES[Sight.PUBLIC][group]
                if group == "reports" and audience != "city":
                    assert row.keys() <= SEES[Sight.AGENCY]["reports"]


def test_what_the_rest_sees_does_not_depend_on_agency_or_officer() -> None:
    """`viewers.REST` is rendered once for both."""
    for group in ("areas", "incidents"):
        assert SEES[Sight.AGENCY][group] == SEES[Sight.PERSON][group]


def test_everybody_gets_one_frame_and_only_the_named_one_of_their_own() -> None:
    world = World()
    world.open()
    assert world.told[-1].keys() == {"city", "*"}
    frame = json.loads(pick(world.told[-1], "agency:dlh") or b"")
    assert frame["actor"] == "" and "title" not in frame["put"]["incidents"][0]
    world.receive()
    assert world.told[-1].keys() == {"city"}


def test_an_agency_gets_the_whole_room_with_its_first_task_and_loses_it_with_the_last() -> None:
    world = World()
    report, incident = world.receive(), world.open()
    world.tell(f"report/{report}", e.ReportJoined(incident_id=incident))
    task = world.give(incident, "dpupr")
    put = json.loads(pick(world.told[-1], "agency:dpupr") or b"")["put"]
    assert [row["id"] for row in put["reports"]] == [report]
    assert put["incidents"][0]["title"] == ""
    world.tell(f"task/{task}", e.TaskCancelled())
    frame = json.loads(pick(world.told[-1], "agency:dpupr") or b"")
    assert frame["gone"] == {"reports": [report], "tasks": [task]}
    assert "title" not in frame["put"]["incidents"][0]


def test_a_sensitive_category_stays_off_public_boards() -> None:
    world = World()
    world.open(category="medical")
    assert world.told[-1].keys() == {"city"}


@pytest.mark.parametrize("audience", ["agency:bpbd", "person:petugas-1", "public"])
def test_who_a_citizen_is_is_told_to_the_city_alone(audience: str) -> None:
    world = World()
    incident = world.open()
    task = world.give(incident)
    world.tell(f"task/{task}", e.TaskAssigned(officer="petugas-1"))
    world.tell(f"incident/{incident}", e.IncidentSeconded(reporter="p9"), Actor(id="device/p9", role="citizen"))
    assert json.loads(pick(world.told[-1], "city") or b"")["actor"] == "device/p9"
    assert json.loads(pick(world.told[-1], audience) or b"")["actor"] == ""
