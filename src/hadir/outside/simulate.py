"""Play a simulated hour against a running demonstration, over HTTP, as citizens, staff and phones would.

It signs in by the demonstration's own buttons. What people at the screens do comes first: a step of the simulated staff
that finds its work done already, or undone, is passed over.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TextIO

from hadir.outside.client import Answer, Client
from hadir.outside.pictures import picture
from hadir.outside.scenario import Moment, Position, Report, Work, load, moments

# The account of the demonstration that may mark what it brings in as not live.
INTEGRATOR = "replay"
READY_WITHIN_S = 120.0
#: Longer than a start takes as a rule: then it is said what is waited for.
SILENT_S = 5.0
#: The key an officer presses who begins his watch at the post.
READY_KEY = "available_base"
#: The state of an officer who has pressed no key yet.
UNTOLD = "unknown"


class Player:
    """One run: clients by account, and what became of each scene."""

    def __init__(self, clients: Mapping[str, Client], run: str, out: TextIO) -> None:
        """`run` makes this run's command ids different from every other run's."""
        self._clients = clients
        self._run = run
        self._out = out
        #: scene → ids
        self._reports: dict[str, list[str]] = {}
        self._incidents: dict[str, str] = {}
        self._tasks: dict[str, str] = {}
        #: a server that takes no positions is asked once
        self._takes_positions = True
        self.counts = {"reports": 0, "photos": 0, "steps": 0, "positions": 0, "refused": 0}

    async def begin_watch(self, officers: Iterable[str]) -> None:
        """Each officer tells that he is there; one who has told anything already is not spoken for."""
        for officer in officers:
            board = await self._clients[officer].get("/api/v1/board?things=units")
            if any(unit["id"] == officer and unit["state"] != UNTOLD for unit in board["board"]["units"]):
                continue
            body = {"command_id": self._id(f"watch/{officer}"), "status": READY_KEY}
            self._counted(await self._clients[officer].command(f"/api/v1/units/{officer}/status", body), "steps")

    async def play(self, moment: Moment) -> None:
        """Do what is due now."""
        match moment:
            case Report():
                await self._report(moment)
            case Work():
                await self._work(moment)
            case Position():
                await self._position(moment)

    async def _report(self, said: Report) -> None:
        client = self._clients[INTEGRATOR]
        body: dict[str, Any] = {
            "command_id": self._id(said.who),
            "text": said.text,
            "place": said.place,
            "origin": "simulation",
            "reporter": f"sim-{self._run}-{said.who}"[:64],
        }
        if said.photo and (photo := await client.photo(picture(f"{self._run}/{said.who}", said.text))):
            body["photos"] = [photo]
            self.counts["photos"] += 1
        answer = self._counted(await client.command("/api/v1/reports", body), "reports")
        if answer.ok and said.scene:
            self._reports.setdefault(said.scene, []).append(str(answer.body["report_id"]))

    async def _work(self, work: Work) -> None:
        do = getattr(self, f"_{work.step}")
        await do(work)

    async def _open(self, work: Work) -> None:
        """Of the first report an incident, and at once a task for the agency."""
        reports = self._reports.get(work.scene)
        if not reports:
            return
        answer = await self._send(work, "incidents", "", "", report_id=reports.pop(0))
        if not answer.ok:
            return
        incident = self._incidents[work.scene] = str(answer.body["id"])
        details = work.details
        given = await self._send(
            work, "tasks", "", "", incident_id=incident, agency=details["agency"], what=details["what"]
        )
        if given.ok:
            self._tasks[work.scene] = str(given.body["id"])

    async def _join(self, work: Work) -> None:
        """What has come in since joins the incident."""
        incident = self._incidents.get(work.scene)
        while incident and (waiting := self._reports.get(work.scene)):
            await self._send(work, "reports", waiting.pop(0), "join", incident_id=incident)

    async def _assign(self, work: Work) -> None:
        await self._step(work, "assign", officer=work.details["officer"])

    async def _accept(self, work: Work) -> None:
        await self._step(work, "accept")

    async def _depart(self, work: Work) -> None:
        await self._step(work, "depart")

    async def _arrive(self, work: Work) -> None:
        await self._step(work, "arrive")

    async def _finish(self, work: Work) -> None:
        shown = picture(f"{self._run}/{work.scene}/done", work.details["note"], dry=True)
        photo = await self._clients[work.account].photo(shown)
        await self._step(work, "finish", note=work.details["note"], photos=[photo] if photo else [])

    async def _step(self, work: Work, verb: str, **body: Any) -> None:
        if task := self._tasks.get(work.scene):
            await self._send(work, "tasks", task, verb, **body)

    async def _send(self, work: Work, things: str, id: str, verb: str, **body: Any) -> Answer:
        path = "/".join(part for part in ("/api/v1", things, id, verb) if part)
        name = self._id(f"{work.scene}/{things}/{id}/{verb}")
        answer = await self._clients[work.account].command(path, {"command_id": name, **body})
        return self._counted(answer, "steps")

    async def _position(self, where: Position) -> None:
        if not self._takes_positions:
            return
        path = f"/api/v1/units/{where.account}/position"
        body = {"command_id": self._id(f"{where.account}/{where.minute}"), "lat": where.lat, "lon": where.lon}
        answer = await self._clients[where.account].command(path, body | {"accuracy_m": 15})
        self._takes_positions = answer.status != 404
        self._counted(answer, "positions")

    def _counted(self, answer: Answer, what: str) -> Answer:
        self.counts[what if answer.ok else "refused"] += 1
        if not answer.ok and what != "positions":
            self._out.write(f"\nsimulation: {answer.body.get('detail', answer.status)}\n")
        return answer

    def _id(self, name: str) -> str:
        """The same moment of the same run has the same id; letters, digits, dash and underline."""
        return random.Random(f"{self._run}/{name}").randbytes(20).hex()


async def simulate(
    scenario: Path,
    *,
    url: str,
    seed: int = 1,
    speed: float = 1.0,
    minutes: float | None = None,
    out: TextIO = sys.stderr,
) -> Mapping[str, int]:
    """Play the hour, `speed` times as fast as it says, at most `minutes` of it. Returns the counts.

    Raises ScenarioError, NotSignedIn, TimeoutError when no server answers.
    """
    due = moments(load(scenario), seed)
    due = [m for m in due if minutes is None or m.minute < minutes]
    async with AsyncExitStack() as stack:
        await _until_ready(url, out)
        clients = {INTEGRATOR: await _signed_in(stack, url, INTEGRATOR)}
        for account in sorted({m.account for m in due if isinstance(m, Work | Position)}):
            clients[account] = await _signed_in(stack, url, account)
        player = Player(clients, f"{seed}-{int(asyncio.get_running_loop().time())}", out)
        await player.begin_watch(sorted({m.account for m in due if isinstance(m, Position)}))
        await _play_all(player, due, speed, out)
        return player.counts


async def _until_ready(url: str, out: TextIO) -> None:
    async with Client(url) as client:
        if await client.until_ready(SILENT_S):
            return
        out.write(f"simulation: waiting for {url} …\n")
        out.flush()
        if not await client.until_ready(READY_WITHIN_S):
            raise TimeoutError(f"no server answers at {url}")


async def _signed_in(stack: AsyncExitStack, url: str, account: str) -> Client:
    client = await stack.enter_async_context(Client(url, connections=8))
    await client.sign_in_demo(account)
    return client


async def _play_all(player: Player, due: list[Moment], speed: float, out: TextIO) -> None:
    """In order and one after the other: an hour of a small city is three requests a second at most."""
    start = time.monotonic()
    for moment in due:
        await asyncio.sleep(max(0.0, start + moment.minute * 60 / speed - time.monotonic()))
        await player.play(moment)
        if out.isatty():
            told = player.counts
            out.write(
                f"\rsimulation: minute {moment.minute:4.1f} · {told['reports']} reports · {told['steps']} steps  "
            )
            out.flush()
    out.write(f"\nsimulation: over. {player.counts}\n")
