"""The board over its tables: following, restarting, erasing, rebuilding; always against a picture that never left."""

import asyncio
import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hadir.domain import events as e
from hadir.domain.values import Actor
from hadir.ports.journal import FactWithContent
from hadir.ports.views import Delta, ViewBatch, Viewport, ViewStore, ViewsUnavailable
from hadir.storage.memory.views import MemoryViewStore
from hadir.views.audience import pick
from hadir.views.board import Board
from hadir.views.shelf import view_row
from tests.views.test_fold import the_whole_story
from tests.views.told import ToldJournal
from tests.views.world import AUDIENCES, OFFICERS, World, by_id, fold


def board_over(journal: ToldJournal, store: ViewStore) -> Board:
    return Board(journal=journal, store=store, city=journal.world.city, officers=OFFICERS)


async def shown(board: Board, audience: str) -> dict:
    answer = json.loads(await board.board(audience))
    assert answer["epoch"] == "EPOCH" and answer["position"] == board.position
    return by_id(answer["board"])


async def test_a_board_that_followed_shows_what_a_picture_that_never_left_shows(store: ViewStore) -> None:
    world = the_whole_story(World())
    board = board_over(ToldJournal(world), store)
    await board.start()
    for audience in AUDIENCES:
        assert await shown(board, audience) == world.board(audience)


async def test_a_restart_anywhere_changes_nothing(store: ViewStore) -> None:
    """Fact by fact: every second one by a process that has just started from the tables."""
    world = the_whole_story(World())
    journal = ToldJournal(world, 0)
    board = board_over(journal, store)
    screens = {audience: await shown(board, audience) for audience in AUDIENCES}
    heard: list[Delta] = []
    for upto in range(1, len(world.facts) + 1):
        if upto % 2:
            board = board_over(journal, store)
            await board.start()
            board.subscribe(lambda deltas, _: heard.extend(deltas))
        journal.upto = upto
        await board.step()
        for audience in AUDIENCES:
            frame = pick(heard[-1].renderings, audience) if heard and heard[-1].position == upto else None
            screens[audience] = fold(screens[audience], json.loads(frame)) if frame else screens[audience]
            assert await shown(board, audience) == screens[audience], (audience, world.facts[upto - 1][0].event.kind)
    for audience in AUDIENCES:
        assert screens[audience] == world.board(audience)
        stored = [data for _, data in await store.after(0, audience, 1000)]
        assert stored == [data for delta in heard if (data := pick(delta.renderings, audience))]


async def test_a_step_that_failed_in_the_middle_is_folded_anew_and_told_whole(store: ViewStore) -> None:
    world = the_whole_story(World())
    journal = ToldJournal(world, 0)
    board = board_over(journal, store)
    await board.start()
    heard: list[Delta] = []
    board.subscribe(lambda deltas, _: heard.extend(deltas))
    journal.upto = len(world.facts)
    fold_one, folded = board._fold, 0

    async def fails_half_way(told: FactWithContent) -> Delta:
        nonlocal folded
        folded += 1
        if folded == len(world.facts) // 2:
            raise ViewsUnavailable("away")
        return await fold_one(told)

    board._fold = fails_half_way  # type: ignore[method-assign]
    with pytest.raises(ViewsUnavailable):
        await board.step()
    await board.step()
    assert [delta.position for delta in heard] == [n + 1 for n, told in enumerate(world.told) if told]
    for audience in AUDIENCES:
        assert await shown(board, audience) == world.board(audience)


@pytest.mark.parametrize("idle", [False, True], ids=["the next fact finds it", "found without news"])
async def test_what_a_killed_server_lost_of_the_tables_is_folded_again(store: ViewStore, idle: bool) -> None:
    """Of ten facts in the middle the tables keep nothing, though each write was said to be done."""
    world = the_whole_story(World())
    journal, middle = ToldJournal(world, 0), len(world.facts) // 2
    board = board_over(journal, store)
    await board.start()
    heard: list[Delta] = []
    reached: list[int] = []
    board.subscribe(lambda deltas, position: (heard.extend(deltas), reached.append(position)))
    write = store.write

    async def lost(_: ViewBatch) -> None:
        return

    for upto in range(1, len(world.facts) + 1):
        store.write = lost if middle <= upto < middle + 10 else write  # type: ignore[method-assign]
        journal.upto = upto
        await board.step()
        if idle and upto == middle + 9:
            store.write = write  # type: ignore[method-assign]
            assert (await board.step(), board.position) == (0, middle - 1)
            assert await board.step() == 10
    while await board.step():
        pass
    assert [delta.position for delta in heard] == [n + 1 for n, told in enumerate(world.told) if told], "each once"
    assert reached == sorted(reached)
    assert await board.compare() == []
    again = board_over(journal, store)
    await again.start()
    for audience in AUDIENCES:
        assert await shown(board, audience) == await shown(again, audience) == world.board(audience)
        stored = [data for _, data in await store.after(0, audience, 1000)]
        assert stored == [data for delta in heard if (data := pick(delta.renderings, audience))]


@given(choices=st.lists(st.integers(min_value=0, max_value=10_000), max_size=60), stops=st.sets(st.integers(1, 60)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_history_survives_restarts_and_a_rebuild(choices: list[int], stops: set[int]) -> None:
    world = World()
    for choice in choices:
        steps = world.possible()
        turn = choice // 2 % len(steps)
        steps[-1 - turn if choice % 2 else turn]()
    asyncio.run(_survives(world, stops))


async def _survives(world: World, stops: set[int]) -> None:
    journal, store = ToldJournal(world, 0), MemoryViewStore()
    for stop in sorted({*stops, len(world.facts)}):
        journal.upto = stop
        board = board_over(journal, store)
        await board.start()
    for audience in AUDIENCES:
        assert await shown(board, audience) == world.board(audience)
    before = store.rows
    await board.rebuild()
    assert store.rows is not before and store.rows == before


async def test_a_rebuild_gives_the_same_rows_and_lets_the_stream_go_on(store: ViewStore) -> None:
    world = the_whole_story(World())
    board = board_over(ToldJournal(world), store)
    await board.start()
    told = await store.after(0, "city", 1000)
    heard: list[tuple[int, int]] = []
    assert await board.compare() == []
    assert await board.rebuild(lambda at, newest: heard.append((at, newest))) == len(world.facts)
    assert heard[-1] == (len(world.facts), len(world.facts))
    assert await store.after(0, "city", 1000) == told
    again = board_over(ToldJournal(world), store)
    await again.start()
    for audience in AUDIENCES:
        assert await shown(again, audience) == world.board(audience)


async def test_a_row_that_was_changed_behind_our_back_is_found(store: ViewStore) -> None:
    world = the_whole_story(World())
    board = board_over(ToldJournal(world), store)
    await board.start()
    wrong = next(iter(world.reports))
    body = (await store.row("reports", wrong) or b"").replace(b"selutut", b"semata kaki")
    found = await board.find("reports", wrong)

    await store.blank([msgspec.structs.replace(view_row(board.picture, "reports", found), body=body)])
    assert await board.compare() == [("reports", wrong)]


async def test_what_was_erased_is_gone_from_rows_deltas_and_screens(store: ViewStore) -> None:
    world = the_whole_story(World())
    journal = ToldJournal(world)
    board = board_over(journal, store)
    await board.start()
    forgotten: list[bool] = []
    board.on_forgotten(lambda: forgotten.append(True))
    journal.erased = {fact.content for fact, said in world.facts if said}
    await board.blank(journal.erased)
    assert forgotten == [True]
    everything = json.dumps([await shown(board, audience) for audience in AUDIENCES])
    assert "selutut" not in everything and "gang Melati" not in everything
    assert "112.16" not in json.dumps((await shown(board, "city"))["reports"])
    assert await store.after(0, "city", 10) == []
    assert await store.kept_after() == len(world.facts)
    rebuilt = board_over(journal, MemoryViewStore())
    await rebuilt.start()
    for audience in AUDIENCES:
        mine, other = await shown(board, audience), await shown(rebuilt, audience)
        for rows in (mine, other):
            for report in rows.get("reports", {}).values():
                # Likeness was seen in words and points that nobody has any more.
                for field in ("similar", "rank", "rank_reasons"):
                    report.pop(field, None)
        assert mine == other


async def test_waiting_for_a_position() -> None:
    world = World()
    world.receive()
    board = board_over(ToldJournal(world), MemoryViewStore())
    assert not await board.wait(1, 0.0)
    waiting = asyncio.create_task(board.wait(1, 5.0))
    await asyncio.sleep(0)
    await board.step()
    assert await waiting
    assert await board.wait(1, 0.0)


async def test_two_processes_write_one_history(store: ViewStore) -> None:
    """Both fold; what one has written the other leaves; both tell their own viewers the same."""
    world = the_whole_story(World())
    journals = [ToldJournal(world, 0) for _ in range(2)]
    boards = [board_over(journal, store) for journal in journals]
    heard: list[list[Delta]] = [[], []]
    for board, mine in zip(boards, heard, strict=True):
        board.subscribe(lambda deltas, _, mine=mine: mine.extend(deltas))
    for upto, number in ((30, 0), (20, 1), (50, 1), (40, 0), (70, 0), (None, 1), (None, 0)):
        journals[number].upto = upto
        while await boards[number].step():
            pass
    assert heard[0] == heard[1]
    for audience in AUDIENCES:
        assert await shown(boards[0], audience) == await shown(boards[1], audience) == world.board(audience)
    assert [at for at, _ in await store.after(0, "city", 1000)] == [delta.position for delta in heard[0]]
    assert await boards[0].compare() == []


async def test_relations_and_sight() -> None:
    world = World()
    report, incident = world.receive(), world.open()
    world.tell(f"report/{report}", e.ReportJoined(incident_id=incident))
    task, order = world.give(incident), world.order(incident)
    board = board_over(ToldJournal(world), MemoryViewStore())
    await board.start()
    assert board.reports_of(incident) == (report,)
    assert (board.tasks_of(incident), board.orders_of(incident)) == ((task,), (order,))
    assert board.orders_of("01JNONE") == ()
    desk = Actor(id="opd-bpbd", role="desk", agency="bpbd")
    stranger = Actor(id="opd-dlh", role="desk", agency="dlh")
    assert board.visible(desk, "reports", report)
    assert not board.visible(stranger, "reports", report)
    assert board.visible(stranger, "incidents", incident)
    assert not board.visible(Actor(id="x", role="citizen"), "tasks", task)
    assert board.visible(Actor(id="operator", role="operator"), "tasks", "01JOVER")


async def test_the_map_shows_every_report_to_the_city_and_to_others_those_of_their_board(store: ViewStore) -> None:
    world = the_whole_story(World())
    board = board_over(ToldJournal(world), store)
    await board.start()
    everywhere = Viewport(south=-9.0, west=112.0, north=-8.0, east=113.0)
    marks = await board.viewport("city", everywhere)
    rows = [await board.find("reports", id) for id in sorted(world.reports, reverse=True)]
    # The point of the one that was erased is gone with its words.
    assert [m.id for m in marks] == [row.id for row in rows if row.place.lat is not None]
    assert len(marks) == len(rows) - 1
    assert (marks[-1].state, marks[-1].flood) == ("confirmed", True)
    assert {m.id for m in await board.viewport("agency:bpbd", everywhere)} == set(
        (await shown(board, "agency:bpbd"))["reports"]
    )
    assert await board.viewport("public", everywhere) == []
    (metres, nearest), *_ = await board.nearest(-8.1, 112.16, 1)
    assert nearest.id == min(world.reports) and metres < 50
