"""The replay against a server that is only a function: tries again with the same id, counts right, keeps the pace."""

import io
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from hadir.outside.client import Client, NotSignedIn
from hadir.outside.mapping import Said
from hadir.outside.replay import Pace, Summary, body_of, pour

START = datetime(2017, 2, 21, tzinfo=UTC)


def said(n: int, minutes: float = 0) -> Said:
    at = START + timedelta(minutes=minutes)
    return Said(
        command_id=f"replay-{n:04}", said_at=at, text=f"Banjir {n}", lat=-8.1, lon=112.1, reporter="r", category=None
    )


class Server:
    """Answers like Hadir: a repeated command gets its first position."""

    def __init__(self, before: Callable[[int], httpx.Response | None] = lambda _n: None) -> None:
        self.positions: dict[str, int] = {}
        self.requests = 0
        self._before = before

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/board":
            return httpx.Response(200, json={"position": len(self.positions)})
        self.requests += 1
        if (answer := self._before(self.requests)) is not None:
            return answer
        body = json.loads(request.content)
        position = self.positions.setdefault(body["command_id"], len(self.positions) + 1)
        return httpx.Response(201, json={"position": position, "report_id": f"R{position}"})


def client(server: Server) -> Client:
    return Client("http://hadir.test", key="k", transport=httpx.MockTransport(server), chance=random.Random(1))


async def run(server: Server, rows: list[Said]) -> Summary:
    async with client(server) as each:
        return await pour(each, rows, Summary(rows=len(rows)), 0, io.StringIO())


async def test_a_second_run_doubles_nothing_and_says_so() -> None:
    server, rows = Server(), [said(n) for n in range(100)]
    first, second = await run(server, rows), await run(server, rows)
    assert (first.accepted, first.repeated) == (100, 0)
    assert (second.accepted, second.repeated) == (0, 100)
    assert len(server.positions) == 100


async def test_silence_and_trouble_are_tried_again_with_the_same_id() -> None:
    def trouble(n: int) -> httpx.Response | None:
        if n == 1:
            raise httpx.ReadTimeout("gone")
        return httpx.Response(503, headers={"retry-after": "0"}) if n == 2 else None

    server = Server(trouble)
    summary = await run(server, [said(1)])
    assert (summary.accepted, summary.retries, server.requests) == (1, 2, 3)
    assert list(server.positions) == ["replay-0001"]


async def test_a_refusal_is_counted_by_its_code_and_not_tried_again() -> None:
    server = Server(lambda _n: httpx.Response(422, json={"code": "nothing_said"}))
    summary = await run(server, [said(1), said(2)])
    assert summary.refused == {"nothing_said": 2} and server.requests == 2
    assert "refused 2 × nothing_said" in summary.lines()


async def test_a_wrong_key_ends_the_run() -> None:
    with pytest.raises(NotSignedIn):
        await run(Server(lambda _n: httpx.Response(401)), [said(1)])


def test_the_pace_is_the_datas_times_the_speed() -> None:
    now = [100.0]
    pace = Pace(START, 60, clock=lambda: now[0])
    assert pace.wait_s(START + timedelta(minutes=10)) == pytest.approx(10)
    now[0] += 12
    assert pace.wait_s(START + timedelta(minutes=10)) == pytest.approx(-2)
    assert Pace(START, 0, clock=lambda: now[0]).wait_s(START + timedelta(days=9)) == 0


def test_every_replayed_report_says_that_it_is_one() -> None:
    body = body_of(said(1))
    assert body["origin"] == "replay" and body["said_at"].endswith("+00:00")
    assert body["place"] == {"how": "gps", "lat": -8.1, "lon": 112.1}
