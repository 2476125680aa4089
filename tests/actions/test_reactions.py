"""Many reports at once: what the rules make of them is recorded side by side, each once and in order."""

from hadir.actions.commands import Declare, ReceiveReport, Where
from hadir.actions.registry import execute
from tests.actions.test_story import PLOSOKEREP
from tests.world import World, account, citizen

REPORTS = 30


async def _cloudburst(world: World, name: str = "burst") -> None:
    place = Where(how="list", area=PLOSOKEREP)
    for n in range(REPORTS):
        body = ReceiveReport(command_id=f"{name}-{n}", text="Air selutut di gang", place=place)
        await execute(world.ctx, citizen(f"{name}{n}"), "reports", "", "", body)


async def _signs(world: World) -> list[str]:
    facts = await world.facts(f"area/{PLOSOKEREP}")
    assert [fact.version for fact in facts] == list(range(1, len(facts) + 1))
    return [fact.event.report_id for fact in facts if fact.event.kind == "area.flood_reported"]


async def test_every_report_of_a_cloudburst_is_one_sign_in_their_order(world: World) -> None:
    await _cloudburst(world)
    await world.reactions.catch_up(0)
    received = [fact.stream.partition("/")[2] for fact in await world.facts("report/")]
    assert await _signs(world) == received
    assert "area.flood_confirmed" in await world.kinds(f"area/{PLOSOKEREP}")


async def test_a_person_who_declares_meanwhile_is_noticed_and_no_sign_is_lost(world: World) -> None:
    await _cloudburst(world, "first")
    reacted = await world.reactions.catch_up(0)
    declare = Declare(command_id="declare-it", depth_cm=40)
    await execute(world.ctx, account("operator"), "areas", "declare", PLOSOKEREP, declare)
    await _cloudburst(world, "second")
    await world.reactions.catch_up(reacted)
    signs = await _signs(world)
    assert len(signs) == len(set(signs)) == 2 * REPORTS
    assert (await world.kinds(f"area/{PLOSOKEREP}"))[-REPORTS:] == ["area.flood_reported"] * REPORTS
