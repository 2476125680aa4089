"""An officer's hour as presses for an outbox, and what the server must hold of them afterwards."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import os
import random
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from PIL import Image

from benchmarks.running import Running
from benchmarks.seed import database
from hadir.compose.people import secrets_of

WEB = Path(__file__).resolve().parents[1] / "web"
NODE = Path(__file__).resolve().parents[1] / ".venv/bin/node"
STEPS = ("accept", "depart", "arrive", "finish")
STATES = {"accept": "accepted", "depart": "en_route", "arrive": "on_scene", "finish": "done"}
Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The people behind the desks of one running server."""

    hadir: Running

    def token(self, account: str) -> str:
        return secrets_of(self.hadir.home).token(account, datetime.now(UTC), 1)

    def send(self, who: str, path: str, **body: Any) -> Json:
        return self._call(who, path, {"command_id": secrets.token_hex(13), **body})

    def board(self, who: str) -> Json:
        with urllib.request.urlopen(f"{self.hadir.url}/readyz") as answer:
            position = json.loads(answer.read())["position"]
        return self._call(who, f"board?after={position}", None)["board"]

    def _call(self, who: str, path: str, body: Json | None) -> Json:
        headers = {"authorization": f"Bearer {self.token(who)}", "content-type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.hadir.url}/api/v1/{path}", data=data, headers=headers)
        while (answered := _asked(request)) is None:
            pass
        return answered

    def incident(self, number: int) -> str:
        place = {"how": "operator", "lat": -8.09 - number % 40 / 2000, "lon": 112.16 + number // 40 % 40 / 2000}
        return self.send("operator", "incidents", category="drain", place=place)["incident_id"]

    def assigned(self, officer: str, agency: str, number: int) -> tuple[str, str]:
        """(task, incident) that wait for this officer's yes."""
        incident = self.incident(number)
        what = f"Pekerjaan {number}"
        task = self.send("operator", "tasks", incident_id=incident, agency=agency, what=what)["task_id"]
        self.send(f"opd-{agency}", f"tasks/{task}/assign", officer=officer)
        return task, incident


def _asked(request: urllib.request.Request) -> Json | None:
    """The answer; None after waiting as long as the server wished: no operator presses as fast as a script."""
    try:
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        if error.code != 429:
            raise
        time.sleep(float(error.headers["retry-after"]))
        return None


def photo(chance: random.Random, side: int) -> str:
    """A picture that does not get smaller, base64: as a reduced photo of a wet street."""
    picture = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return base64.b64encode(out.getvalue()).decode()


@dataclass(frozen=True, kw_only=True)
class Hour:
    """One officer's presses."""

    account: str
    jobs: list[Json]
    tasks: tuple[str, ...]


def hour(
    desk: Desk, account: str, agency: str, tasks: int, *, seed: int, side: int, photos_every: int = 1, ago_s: float = 0
) -> Hour:
    """Each job taken, driven to, reached and done with words and a photo; beside it his state and a note.

    `ago_s`: by the phone's clock all of it happened so long ago.
    """
    chance = random.Random(seed)
    mine = [desk.assigned(account, agency, seed * 1000 + n) for n in range(tasks)]
    began = datetime.now(UTC) - timedelta(seconds=ago_s)
    jobs: list[Json] = []
    for n, (task, incident) in enumerate(mine):
        at = {"device_at": (began + timedelta(minutes=n)).isoformat()}
        for step in STEPS:
            done = step == "finish"
            body = at if step in ("depart", "arrive") else {"note": f"Selesai {n}.", **at} if done else {}
            pictures = [photo(chance, side)] if done and n % photos_every == 0 else []
            patch = {"state": STATES[step]}
            jobs.append(_job(f"tasks/{task}/{step}", body, row=task, incident=incident, patch=patch, photos=pictures))
        if n % 2 == 0:
            jobs.append(_job(f"incidents/{incident}/note", {"text": f"Catatan {n}."}, row=incident, incident=incident))
        else:
            jobs.append(_job(f"units/{account}/status", {"status": "available_radio", **at}, row=account))
    return Hour(account=account, jobs=jobs, tasks=tuple(task for task, _ in mine))


def _job(
    path: str,
    body: Json,
    *,
    row: str,
    incident: str | None = None,
    patch: Json | None = None,
    photos: list[str] | None = None,
) -> Json:
    id = secrets.token_hex(13)
    job = {"id": id, "path": f"/api/v1/{path}", "body": body, "row": row, "incident": incident, "patch": patch}
    return job | {"lane": "plain", "photos": photos or [], "pause_ms": 0}


async def phones(plan: Json) -> Json:
    """Run the officers of `plan` in Node over the application's own outbox (see web/tools/phones.mjs)."""
    command = [str(NODE), "--no-warnings", "tools/phones.mjs"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=WEB, stdin=pipe, stdout=pipe, env=os.environ, limit=2**26
    )
    out, _ = await process.communicate(json.dumps(plan).encode())
    if process.returncode != 0:
        raise RuntimeError(f"the phones ended with {process.returncode}")
    return json.loads(out)


def picture(board: Json, tasks: tuple[str, ...]) -> list[Json]:
    """What the server shows of these tasks, in their order, without what differs by nature (ids, times)."""
    rows = {row["id"]: row for row in board["tasks"]}
    keys = ("state", "what", "done_note", "officer")
    return [
        {key: rows[task][key] for key in keys} | {"photos": [p["id"] for p in rows[task]["done_photos"]]}
        for task in tasks
    ]


def wrong(board: Json, hours: list[Hour]) -> int:
    """Tasks that the server shows otherwise than the officer's phone: state, words or photos."""
    rows = {row["id"]: row for row in board["tasks"]}
    count = 0
    for each in hours:
        for job in each.jobs:
            if job["path"].endswith("/finish"):
                row = rows.get(job["row"], {})
                names = [hashlib.sha256(base64.b64decode(text)).hexdigest() for text in job["photos"]]
                shown = [p["id"] for p in row.get("done_photos", [])]
                count += (row.get("state"), row.get("done_note"), shown) != ("done", job["body"]["note"], names)
    return count


def applied(home: Path, hours: list[Hour]) -> tuple[int, int]:
    """(commands without a fact, facts that are there twice), from the journal itself. The server must be down."""
    ids = [job["id"] for each in hours for job in each.jobs]
    with database(home) as url, psycopg.connect(url) as connection:
        facts = connection.execute(
            "select command_id, stream, kind, count(*) from journal where command_id = any(%s) group by 1, 2, 3", [ids]
        ).fetchall()
    there = {id for id, *_ in facts}
    return len(set(ids) - there), sum(count - 1 for *_, count in facts)
