"""The benchmarks in small: they run to the end on a real server and give the rows they promise. No time is asserted."""

import json
import select
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import (
    board_million,
    dispatch_200,
    evidence_search,
    intake_burst,
    live_fanout,
    live_latency,
    map_public,
    open311_vs_drf,
    outbox_chaos,
    outbox_three_days,
    page_citizen_64k,
    page_officer,
    positions_1000,
    start_warm,
    triage_one,
)
from benchmarks import rows as benchmark_rows
from benchmarks.__main__ import MODULES
from benchmarks.running import home_folder, post, server
from benchmarks.seed import seeded

pytestmark = pytest.mark.slow
has_epoll = pytest.mark.skipif(
    not hasattr(select, "epoll"), reason="the readers of 10,000 streams know epoll only (Linux)"
)

REPORTS = 1_500
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine spoils a measurement, not a test: no round is void here."""
    monkeypatch.setattr(benchmark_rows, "CLIENT_MOST", float("inf"))


@has_epoll
async def test_the_stream_to_a_few() -> None:
    names = {row["name"] for row in await live_fanout.run(rounds=1, streams=40)}
    assert "live.fanout_10k" in names


@has_epoll
async def test_a_burst_through_both_doors_loses_and_doubles_nothing() -> None:
    rows = {row["name"]: row["value"] for row in await intake_burst.run(rounds=1, reports=60, seconds=3)}
    assert (rows["intake.burst.lost"], rows["intake.burst.doubled"]) == (0, 0)
    assert rows["intake.burst"] > 0


@has_epoll
async def test_a_drip_of_reports_to_a_few_streams() -> None:
    rows = {row["name"]: row for row in await live_latency.run(rounds=1, streams=10, seconds=1)}
    assert rows["live.latency"]["value"] > 0


def test_the_load_client_gets_a_201_for_every_report() -> None:
    with home_folder() as home, server(home, "--demo") as hadir:
        assert post(hadir.port, 200, connections=8)["statuses"] == {"201": 200}


async def test_board_and_map_over_a_seeded_home() -> None:
    names = {row["name"] for row in await board_million.run(reports=REPORTS, rounds=1)}
    assert "board.million" in names


async def test_the_public_map_over_a_seeded_home() -> None:
    rows = {row["name"]: row for row in await map_public.run(reports=REPORTS, rounds=1, requests=12)}
    assert rows["map.public_million.bytes"]["ok"]


def test_a_seeded_home_starts_after_kill_9() -> None:
    home = seeded(REPORTS)
    assert start_warm.start(home, signal.SIGKILL) > 0
    assert start_warm.start(home, signal.SIGTERM) > 0


async def test_a_photo_is_looked_for_among_a_few() -> None:
    rows = {row["name"]: row for row in await evidence_search.run(earlier=600, photos=3, strangers=5)}
    assert rows["evidence.recall.all_at_once"]["value"] == 100


@pytest.mark.browser
def test_pages_over_a_thin_line() -> None:
    """In a process of its own, as the benchmark runs: the browser tests here drive theirs in another way."""
    code = "import asyncio, json; from benchmarks import pages; print(json.dumps(asyncio.run(pages.run(rounds=1))))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    rows = {row["name"]: row for row in json.loads(said.stdout)}
    assert rows["page.citizen"]["value"] > 0
    assert rows["page.leader"]["value"] > 0


@has_epoll
@pytest.mark.browser
def test_an_order_in_the_officer_s_page() -> None:
    """In a process of its own, as the pages above."""
    small = "order_latency.run(rounds=1, streams=5, seconds=1)"
    code = "import asyncio, json; from benchmarks import order_latency, rows; rows.CLIENT_MOST = float('inf'); "
    code += f"print(json.dumps(asyncio.run({small})))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    rows = {row["name"]: row for row in json.loads(said.stdout)}
    assert rows["order.latency"]["value"] > 0


async def test_who_can_go_among_a_few_units() -> None:
    names = {row["name"] for row in await dispatch_200.run(reports=REPORTS, units=12, rounds=1, requests=5)}
    assert "dispatch.200" in names


@has_epoll
async def test_positions_of_a_few_officers() -> None:
    rows = {row["name"]: row for row in await positions_1000.run(units=10, streams=3, rounds=1, seconds=1, every_s=0.5)}
    assert rows["positions.1000.slow"]["value"] == 1.0


async def test_a_few_officers_behind_a_line_that_is_cut() -> None:
    rows = {row["name"]: row for row in await outbox_chaos.run(officers=3, real=1, tasks=2, cuts=25)}
    wrong = [rows[f"outbox.chaos.{what}"]["value"] for what in ("lost", "doubled", "refused", "differs")]
    assert (rows["outbox.chaos"]["value"], wrong) == (25, [0, 0, 0, 0])


async def test_a_few_commands_after_three_days() -> None:
    rows = {row["name"]: row for row in await outbox_three_days.run(tasks=4)}
    assert rows["outbox.three_days"]["value"] == rows["outbox.three_days.order"]["value"] == 0


async def test_the_officer_s_page_opens_without_a_line() -> None:
    rows = {row["name"]: row for row in await page_officer.run(rounds=1)}
    assert rows["page.officer.offline"]["value"] == 1


async def test_open311_beside_its_peer() -> None:
    pytest.importorskip("rest_framework", reason="the peer's packages are in requirements/bench.txt")
    rows = {row["name"] for row in await open311_vs_drf.run(rounds=1, ours=80, theirs=40, reports=REPORTS)}
    assert {"open311.vs_drf.post", "open311.vs_drf.list"} <= rows


async def test_triage_of_one_report_and_in_a_small_hot_spot() -> None:
    names = {row["name"] for row in await triage_one.run(reports=REPORTS, hot=300, rounds=1, requests=5)}
    assert {"triage.one", "duplicates.million"} <= names


def test_every_number_has_its_module() -> None:
    assert all(find_spec(f"benchmarks.{module}") for module in MODULES.values())


async def test_a_citizen_s_report_over_the_thinnest_line() -> None:
    rows = {row["name"]: row for row in await page_citizen_64k.run(rounds=1)}
    assert rows["page.citizen_64k.once"]["ok"]
    assert rows["page.citizen_64k.photo"]["value"] > 0
