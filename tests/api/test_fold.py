"""fold(the board before, what the stream told) == the board after, over HTTP, for every kind of viewer.

One evening from the report to «sudah»: every fact goes by every viewer, and none of them may differ from a viewer who
fetches the board at the end, nor from one who joins in the middle or is cut off on the way.
"""

import asyncio
from typing import Any

import httpx

from tests.api.conftest import City, new_id
from tests.live.client import Client

STAFF = ("operator", "pimpinan", "auditor", "opd-bpbd", "opd-dpupr", "petugas-1", "petugas-2", "petugas-3", "admin")
VIEWERS = (*STAFF, "")
PLACE = {"lat": -8.1, "lon": 112.165, "how": "gps"}

Board = dict[str, dict[str, Any]]


def by_id(board: dict[str, list[Any]]) -> Board:
    return {group: {row["id"]: row for row in rows} for group, rows in board.items()}


def fold(board: Board, fact: dict[str, Any]) -> None:
    for group, rows in (fact.get("put") or {}).items():
        board.setdefault(group, {}).update({row["id"]: row for row in rows})
    for group, ids in (fact.get("gone") or {}).items():
        for id in ids:
            board.get(group, {}).pop(id, None)


class Viewer:
    """Somebody at a screen: a board, and a stream that goes on from it."""

    def __init__(self, city: City, name: str) -> None:
        self.city, self.name = city, name
        self.http = city.who(name) if name else city.client()
        self.board: Board = {}
        self.position, self.id, self.told = 0, "", 0

    async def open(self) -> None:
        answer = (await self.http.get("/api/v1/board")).json()
        self.board, self.position = by_id(answer["board"]), answer["position"]
        self.id = f"{answer['epoch']}-{answer['position']}"
        await self.resume()

    async def resume(self) -> None:
        token = self.http.headers.get("authorization")
        headers = f"Authorization: {token}\r\n" if token else ""
        self.stream = await Client.open(self.city.port, last_event_id=self.id, headers=headers)

    async def cut(self) -> None:
        await self.stream.close()
        await self.resume()

    async def up_to(self, position: int) -> None:
        """Read until a beat or fact says that everything up to this position has been told."""
        for event in await self.stream.until(position, within=120):
            self.id = event.id or self.id
            assert event.name in ("fact", "beat", ""), event
            if event.name == "fact":
                assert event.data["position"] > self.position, "in order, and once"
                self.position = event.data["position"]
                self.told += 1
                fold(self.board, event.data)

    async def end(self, position: int) -> None:
        """What I see is what somebody sees who comes now."""
        await self.cut()  # a beat comes with the joining
        await self.up_to(position)
        fresh = (await self.http.get("/api/v1/board", params={"after": position})).json()
        assert fresh["position"] == position, "the evening is over"
        assert self.board == by_id(fresh["board"]), f"the picture of {self.name or 'the public'} has a hole"


class Evening:
    """Presses over HTTP."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.hands: dict[str, httpx.AsyncClient] = {}

    async def press(self, who: str, path: str, **body: Any) -> dict[str, Any]:
        hand = self.hands.setdefault(who, self.city.who(who) if who else self.city.client())
        answer = await hand.post(f"/api/v1/{path}", json={"command_id": new_id(), **body})
        assert answer.status_code in (200, 201), (path, answer.text)
        await self.settle()
        return answer.json()

    async def settle(self) -> int:
        """Until the board has everything and the city's own reactions have answered."""
        journal, board = self.city.program.storage.journal, self.city.program.board
        cursors = self.city.program.storage.cursors
        async with asyncio.timeout(30):
            while True:
                newest = await journal.position()
                if board.position == newest == await cursors.get("reactions"):
                    return newest
                await asyncio.sleep(0.002)


async def the_evening(city: City) -> Any:
    """Yields after each press."""
    e = Evening(city)
    report = await e.press("", "reports", text="Air selutut di gang, RT 2 RW 1 Plosokerep", place=PLACE)
    yield
    second = await e.press("", "reports", text="Banjir juga di sini, air sedada", place=PLACE)
    yield
    await e.press("operator", f"reports/{report['id']}/claim")
    yield
    incident = (await e.press("operator", "incidents", report_id=report["id"]))["id"]
    yield
    await e.press("operator", f"reports/{second['id']}/join", incident_id=incident)
    yield
    await e.press("operator", f"incidents/{incident}/grade", severity="moderate", level=3)
    yield
    task = (await e.press("operator", "tasks", incident_id=incident, agency="bpbd", what="Evakuasi"))["id"]
    yield
    await e.press("opd-bpbd", f"tasks/{task}/offer", agency="dpupr", reason="Perlu pompa")
    yield
    await e.press("opd-dpupr", f"tasks/{task}/take")
    yield
    await e.press("opd-dpupr", f"tasks/{task}/assign", officer="petugas-3")
    yield
    for step in ("accept", "depart", "arrive"):
        await e.press("petugas-3", f"tasks/{task}/{step}")
        yield
    order = (
        await e.press("pimpinan", "orders", incident_id=incident, to="petugas-3", action="evacuate", within_min=30)
    )["id"]
    yield
    for step in ("deliver", "see"):
        await e.press("petugas-3", f"orders/{order}/{step}")
        yield
    row = city.program.board.row("orders", order)
    back = {"area": row.place.area, "action": row.action, "within_min": row.within_min}
    await e.press("petugas-3", f"orders/{order}/read-back", **back)
    yield
    await e.press("pimpinan", f"orders/{order}/confirm")
    yield
    await e.press("petugas-3", f"orders/{order}/accept")
    yield
    await e.press("petugas-1", "units/petugas-1/status", status="available_radio")
    yield
    await e.press("pimpinan", "areas/35.72.02.1006/declare", depth_cm=60)
    yield
    await e.press("operator", f"reports/{second['id']}/leave")
    yield
    await e.press(
        "operator",
        f"reports/{second['id']}/dismiss",
        disposition=city.program.ctx.city.dispositions[0].code,
        reason="Sudah ditangani",
    )
    yield


async def test_every_viewer_ends_with_the_picture_of_one_who_comes_now(city: City):
    viewers = [Viewer(city, name) for name in VIEWERS]
    for each in viewers:
        await each.open()
    late: list[Viewer] = []
    step = 0
    async for _ in the_evening(city):
        step += 1
        position = await city.program.storage.journal.position()
        if step % 4 == 0:  # somebody comes, somebody is cut off
            late.append(Viewer(city, VIEWERS[step // 4 % len(VIEWERS)]))
            await late[-1].open()
            await viewers[step // 4 % len(viewers)].cut()
        await viewers[0].up_to(position)
    position = await city.program.storage.journal.position()
    for each in (*viewers, *late):
        await each.end(position)
    told = {each.name: each.told for each in viewers}
    assert told["operator"] > 20 and told["petugas-3"] > 8 and told[""] > 3, f"the evening changed nothing: {told}"
    assert told["petugas-2"] < told["petugas-3"], "not everybody is told everything"


async def test_nobody_is_told_more_than_the_table_gives(city: City):
    """Every row of every frame of the public holds only fields that the table gives the public."""
    from hadir.domain.people import SEES, Sight

    public, officer = Viewer(city, ""), Viewer(city, "petugas-3")
    await public.open()
    await officer.open()
    async for _ in the_evening(city):
        pass
    position = await city.program.storage.journal.position()
    await public.end(position)
    await officer.end(position)
    for group, rows in public.board.items():
        allowed = SEES[Sight.PUBLIC].get(group, frozenset())
        for row in rows.values():
            assert row.keys() <= allowed, group
    assert "Plosokerep" not in repr(public.board.get("reports", {}))


async def test_the_timeline_is_for_those_on_the_incident(city: City):
    async for _ in the_evening(city):
        pass
    incident = next(iter(city.program.board.picture.groups["incidents"]))
    path = f"/api/v1/incidents/{incident}/timeline"
    items = (await city.who("pimpinan").get(path)).json()["items"]
    assert [i["position"] for i in items] == sorted(i["position"] for i in items)
    assert {"report.received", "task.on_scene", "order.confirmed"} <= {i["kind"] for i in items}
    assert (await city.who("petugas-3").get(path)).status_code == 200
    assert (await city.who("petugas-5").get(path)).status_code == 404
    assert (await city.client().get(path)).status_code == 401


async def test_in_another_epoch_everybody_begins_again(city: City):
    """A replica was promoted after losing its tail: positions from before mean nothing any more."""
    report = await city.report()
    viewer = Viewer(city, "operator")
    await viewer.open()
    await viewer.up_to(report["position"])
    city.program.storage.journal._epoch = "ANOTHER"
    body = await viewer.stream.rest()
    assert b'event: resync\ndata: {"epoch":"ANOTHER"' in body.rpartition(b"event: beat")[2]
    assert viewer.stream.ended
    assert city.program.outlived.is_set()
    await viewer.stream.close()


async def test_the_map_shows_the_callers_own(city: City):
    report = await city.report()
    params = {"bbox": "112.0,-8.2,112.3,-8.0", "after": report["position"]}
    marks = (await city.who("operator").get("/api/v1/map", params=params)).json()["marks"]
    assert [m["id"] for m in marks] == [report["id"]]
    assert (await city.client().get("/api/v1/map", params=params)).json()["marks"] == []
    for bbox in ("", "1,2,3", "112.3,-8.2,112.0,-8.0", "nan,-8.2,112.3,-8.0", "0,0,200,1"):
        assert (await city.client().get("/api/v1/map", params={"bbox": bbox})).status_code == 400, bbox
