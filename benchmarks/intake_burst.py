"""intake.burst: 5,000 reports in a minute through both doors, a third with photos, each sent again by its client.

Half come as JSON (a photo of 300 KB first, then the report that names it), half as Open311 forms (the photo inside).
The pace is kept whether answers come or not. Every client sends what it sent once more under the same id, as a phone
does that heard nothing. Then it is counted: ids in the answers, and facts in the journal. Meanwhile one operator's
stream is read: from each fact's own time to its bytes.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from benchmarks.live_fanout import readers, token
from benchmarks.rows import Row, kept_up, percentile, row
from benchmarks.running import TEXTS, Running, home_folder, server

REPORTS, SECONDS, ROUNDS = 5000, 60.0, 1
PHOTO_SHARE, PHOTO_BYTES = 0.3, 300_000
CONNECTIONS = 64
STREAM_MOST_MS = 500.0
AGAIN_AFTER_S = 1.0
#: for the clients to start, and for the last facts to come
SLACK_S = 12.0
BOUNDARY = "a-boundary-of-this-benchmark"


async def run(rounds: int = ROUNDS, reports: int = REPORTS, seconds: float = SECONDS) -> list[Row]:
    seen = [_round(reports, seconds) for _ in range(rounds)]
    return [
        row("intake.burst", [each["p99"] for each in seen], "ms, p99 on the operator's stream", most=STREAM_MOST_MS),
        row("intake.burst.lost", [each["lost"] for each in seen], "reports", most=0),
        row("intake.burst.doubled", [each["doubled"] for each in seen], "reports", most=0),
        row("intake.burst.words", [each["words_p99"] for each in seen], "ms to the 201, p99, without a photo"),
        row("intake.burst.photo", [each["photo_p99"] for each in seen], "ms to the 201, p99, with a photo"),
    ]


def _round(reports: int, seconds: float) -> dict[str, float]:
    with (
        home_folder() as home,
        server(home, "--demo", HADIR_OPEN311_PER_SECOND="100000") as hadir,
        readers(hadir.port, 1, token(hadir)) as crowd,
    ):
        key = _key(hadir)
        crowd.say(f"gather {seconds + AGAIN_AFTER_S + SLACK_S}")
        sent = _sent(hadir.port, key, reports, seconds)
        stream = json.loads(crowd.hear())
        held = _in_the_journal(hadir)
    if not (kept_up(sent["cpu"]) and kept_up(stream["cpu"])):
        raise RuntimeError("the load client was busier than what it measures")
    lost, doubled = sent["lost"] + max(reports - held, 0), sent["twice"] + max(held - reports, 0)
    return {**sent, "p99": stream["p99"], "lost": lost, "doubled": doubled}


def _sent(port: int, key: str, reports: int, seconds: float) -> dict[str, float]:
    """The clients, in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(_photo())
        command = [sys.executable, "-m", "benchmarks.intake_burst", "send", str(port), key]
        command += [str(photo), str(reports), str(seconds)]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def _key(hadir: Running) -> str:
    command = [sys.executable, "-m", "hadir", "token", "open311-test", "--home", str(hadir.home)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _in_the_journal(hadir: Running) -> int:
    """How many reports there are, by the operator's own board: nothing has been closed."""
    import urllib.request

    request = urllib.request.Request(
        f"{hadir.url}/api/v1/board?things=reports", headers={"authorization": f"Bearer {token(hadir)}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return len(json.load(answer)["board"]["reports"])


def _photo() -> bytes:
    """A JPEG of about 300 KB, of noise and shapes: it costs a decoder what a street does."""
    chance, side = random.Random(8311), 1280
    picture = Image.effect_noise((side, side * 3 // 4), 40).convert("RGB")
    for _ in range(60):
        x, y, size = chance.randrange(side), chance.randrange(side), chance.randrange(20, 200)
        picture.paste(tuple(chance.randrange(256) for _ in range(3)), (x, y, x + size, y + size))
    out = io.BytesIO()
    for quality in range(30, 96, 5):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() >= PHOTO_BYTES * 0.9:
            break
    return out.getvalue()


# ── the clients ──────────────────────────────────────────────────────────────────────────────────────────────────


class Clients:
    """Phones and apps, on a few dozen connections that stay."""

    def __init__(self, port: int, key: str, photo: bytes) -> None:
        self._port = port
        self._key = key
        self._photo = photo
        self._links: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self.ids: dict[int, set[str]] = {}
        self.took: dict[str, list[float]] = {"words": [], "photo": []}
        self.wrong: list[str] = []

    async def open(self) -> None:
        for _ in range(CONNECTIONS):
            self._links.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))

    async def report(self, number: int) -> None:
        """One report, and the same once more."""
        send = self._as_json if number % 2 else self._as_form
        has_photo = (number // 2) % 10 < PHOTO_SHARE * 10
        await send(number, has_photo)
        await asyncio.sleep(AGAIN_AFTER_S)
        await send(number, has_photo)

    async def _as_json(self, number: int, has_photo: bool) -> None:
        began, photos = time.perf_counter(), []
        if has_photo:
            told = await self._post("/api/v1/photos", "image/jpeg", self._own_photo(number))
            photos = [told["photo_id"]] if told else []
        body = {"command_id": f"burst-{os.getpid()}-{number:06d}", "text": TEXTS[number // 2 % len(TEXTS)]}
        place = {"lat": -8.1149 + number % 50 / 1000, "lon": 112.1629, "how": "gps"}
        told = await self._post(
            "/api/v1/reports", "application/json", json.dumps(body | {"place": place, "photos": photos}).encode()
        )
        self._heard(number, has_photo, began, told["id"] if told else "")

    async def _as_form(self, number: int, has_photo: bool) -> None:
        began = time.perf_counter()
        fields = {"service_code": "flood", "lat": str(-8.1149 + number % 50 / 1000), "long": "112.1629"}
        fields |= {"description": TEXTS[number // 2 % len(TEXTS)], "device_id": f"device-{number}"}
        if has_photo:
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", _multipart(fields, self._own_photo(number))
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        key = f"Idempotency-Key: burst-{os.getpid()}-{number:06d}\r\n"
        told = await self._post("/open311/v2/requests.json", kind, body, key)
        self._heard(number, has_photo, began, told[0]["service_request_id"] if told else "")

    def _own_photo(self, number: int) -> bytes:
        """Another one for each report: what comes after a JPEG's end is no part of the picture."""
        return self._photo + number.to_bytes(4, "big")

    def _heard(self, number: int, has_photo: bool, began: float, id: str) -> None:
        if id:
            self.ids.setdefault(number, set()).add(id)
            self.took["photo" if has_photo else "words"].append((time.perf_counter() - began) * 1000)

    async def _post(self, path: str, kind: str, body: bytes, more: str = "") -> Any:
        """The answer's JSON; None for anything but a 201, which is noted."""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {self._key}\r\n"
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        link = await self._links.get()
        try:
            link[1].write(head.encode() + body)
            answer = await link[0].readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            content = await link[0].readexactly(length)
        finally:
            self._links.put_nowait(link)
        if not answer.startswith(b"HTTP/1.1 201"):
            self.wrong.append(content[:200].decode("utf-8", "replace"))
            return None
        return json.loads(content)


def _multipart(fields: dict[str, str], photo: bytes) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="media"; filename="a.jpg"\r\n\r\n'.encode()
    return b"".join([*parts, head, photo, f"\r\n--{BOUNDARY}--\r\n".encode()])


async def send(port: int, key: str, photo: bytes, reports: int, seconds: float) -> dict[str, float]:
    """All of them at an even pace. What is lost: reports without an id, or with two."""
    clients = Clients(port, key, photo)
    await clients.open()
    loop = asyncio.get_running_loop()
    began, cpu, tasks = loop.time(), time.process_time(), []
    for number in range(reports):
        await asyncio.sleep(max(0.0, began + number * seconds / reports - loop.time()))
        tasks.append(asyncio.create_task(clients.report(number)))
    await asyncio.gather(*tasks)
    if clients.wrong:
        raise RuntimeError(f"{len(clients.wrong)} answers other than 201: {clients.wrong[0]}")
    distinct = {id for ids in clients.ids.values() for id in ids}
    return {
        "cpu": (time.process_time() - cpu) / (loop.time() - began),
        "lost": reports - len(clients.ids),
        "twice": len(distinct) - len(clients.ids),
        "words_p99": percentile(clients.took["words"], 0.99),
        "photo_p99": percentile(clients.took["photo"], 0.99),
    }


def main() -> None:
    if sys.argv[1:2] == ["send"]:
        port, key, photo, reports, seconds = sys.argv[2:]
        told = asyncio.run(send(int(port), key, Path(photo).read_bytes(), int(reports), float(seconds)))
        print(json.dumps(told))
    else:
        for each in asyncio.run(run(rounds=int(os.environ.get("ROUNDS", "1")))):
            print(each)


if __name__ == "__main__":
    main()
