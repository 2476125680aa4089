"""Bodies that mean harm, at every door that takes one: a clear answer, nothing kept of them, and memory bounded."""

import asyncio
import gzip
import io
import json
import zlib
from typing import Any

import psutil
import pytest
from PIL import Image

from hadir.outbound.live import patience
from tests.api.conftest import City, new_id

JSON = {"content-type": "application/json"}
MEGABYTE = 2**20
#: what an attack may cost at most, whatever it sends
MOST_MB = 120


def resident_mb() -> float:
    return psutil.Process().memory_info().rss / MEGABYTE


@pytest.fixture
def bounded():
    before = resident_mb()
    yield
    grown = resident_mb() - before
    assert grown < MOST_MB, f"{grown:.0f} MB more than before"


@pytest.fixture
async def key(city: City) -> str:
    return city.program.storage.secrets.token("open311-test", city.clock.now(), 1)


async def position(city: City) -> int:
    return await city.program.storage.journal.position()


def report(**more: Any) -> dict[str, Any]:
    return {"command_id": new_id(), "text": "Air", "place": {"how": "words"}} | more


# ── bodies of JSON ───────────────────────────────────────────────────────────────────────────────────────────────

HUGE = b'{"text":"' + b"a" * (9 * MEGABYTE) + b'"}'
DEEP = b'{"command_id":"deep-deep-deep","place":' + b'{"a":' * 9000 + b"1" + b"}" * 9000 + b"}"
BODIES = {
    "huge": (HUGE, JSON, 413),
    "deep": (DEEP, JSON, 400),
    "deep lists": (b"[" * 60_000, JSON, 400),
    "no JSON": (b"\x00\x01\x02", JSON, 400),
    "another charset": (json.dumps({"text": "é"}).encode(), {"content-type": "application/json; charset=utf-16"}, 415),
    "UTF-16 that says nothing of it": (json.dumps({"text": "Air"}).encode("utf-16"), JSON, 400),
    "half a letter": (b'{"command_id":"half-a-letter","text":"\xc3"}', JSON, 400),
    "a lone surrogate": (b'{"command_id":"lone-surrogate","text":"\\ud800"}', JSON, 400),
    "packed": (gzip.compress(b"0" * (40 * MEGABYTE)), JSON | {"content-encoding": "gzip"}, 400),
    "a number without end": (b'{"command_id":"long-number-1","place":{"lat":' + b"9" * 60_000 + b"}}", JSON, 422),
    "many keys": (json.dumps({f"k{n}": n for n in range(5000)}).encode(), JSON, 422),
}


@pytest.mark.parametrize("path", ["/api/v1/reports", "/api/v1/incidents/x/note", "/api/v1/push/received"])
@pytest.mark.parametrize("name", BODIES)
async def test_a_body_of_json(city: City, bounded: None, path: str, name: str):
    content, headers, status = BODIES[name]
    caller = city.client() if path.endswith("reports") else city.who("operator")
    answer = await caller.post(path, content=content, headers=headers)
    # A body that fits no form may be refused for its size first, or for what it is.
    assert answer.status_code in {status, 413, 422}, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert await position(city) == 0


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────


def parts(count: int, size: int = 1, name: str = "x", file: bool = False) -> tuple[bytes, dict[str, str]]:
    """A multipart body."""
    as_file = b'; filename="a.jpg"' if file else b""
    one = b'--b\r\ncontent-disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (name.encode(), as_file, b"a" * size)
    return one * count + b"--b--\r\n", {"content-type": "multipart/form-data; boundary=b"}


def part_in(charset: str, text: bytes) -> tuple[bytes, dict[str, str]]:
    """A part that says in which charset it is written."""
    head = (
        b'--b\r\ncontent-disposition: form-data; name="text"\r\ncontent-type: text/plain; charset=%b' % charset.encode()
    )
    return head + b"\r\n\r\n" + text + b"\r\n--b--\r\n", {"content-type": "multipart/form-data; boundary=b"}


FORMS = {
    "thousands of parts": parts(20_000),
    "thousands of files": parts(5_000, file=True, name="photo"),
    "one part of 40 MB": parts(1, 40 * MEGABYTE),
    "a part without an end": (b'--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n' + b"a" * 1000, parts(1)[1]),
    "headers of a part without an end": (b"--b\r\n" + b"x: y\r\n" * 50_000, parts(1)[1]),
    "no boundary": (b"--b", {"content-type": "multipart/form-data"}),
    "thousands of fields": (b"&".join(b"f%d=1" % n for n in range(30_000)), {}),
    "not UTF-8": (b"text=%ff%fe&description=%ff", {}),
    "a part that is not UTF-8": part_in("utf-8", b"\xff\xfe"),
    "a part in half a sign": part_in("utf-8", b"\xed\xa0\x80"),
    "a part in no charset": part_in("klingon", b"\xff"),
    # By the part's own word it would be read for twenty-five seconds, and nobody else served meanwhile.
    "a part in a charset that takes minutes": part_in("punycode", b"-" + b"a" * MEGABYTE),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("path", ["/lapor", "/saran", "/masuk", "/open311/v2/requests.json"])
async def test_a_form(city: City, key: str, bounded: None, path: str, name: str):
    content, headers = FORMS[name]
    headers = {"content-type": "application/x-www-form-urlencoded"} | headers
    client = (
        city.client(origin=city.url, authorization=f"Bearer {key}")
        if "open311" in path
        else city.client(origin=city.url)
    )
    answer = await client.post(path, content=content, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text[:300]
    assert await position(city) == 0


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────────────────────

LAUGHS = (
    "<!DOCTYPE r [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><request><description>&a9;</description></request>"
)
XML = {
    "a billion laughs": LAUGHS,
    "a file of ours": "<!DOCTYPE r [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><request><description>&f;</description></request>",
    "a document type elsewhere": "<!DOCTYPE r SYSTEM 'http://127.0.0.1:1/x.dtd'><request/>",
    "deep": "<a>" * 20_000 + "</a>" * 20_000,
    "many": "<request>" + "<a/>" * 30_000 + "</request>",
    "open": "<request><description>",
    "nothing": "",
}


@pytest.mark.parametrize("name", XML)
async def test_xml(city: City, key: str, bounded: None, name: str):
    headers = {"content-type": "text/xml; charset=utf-8", "authorization": f"Bearer {key}"}
    answer = await city.client().post("/open311/v2/requests.xml", content=XML[name], headers=headers)
    assert answer.status_code in (400, 413), answer.text[:300]
    assert answer.text.startswith("<?xml") and "<errors>" in answer.text
    assert "root:" not in answer.text
    assert await position(city) == 0


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────


def png(width: int, height: int) -> bytes:
    """A PNG that says how large it is and has a few hundred bytes: all rows packed to next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(MEGABYTE), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def texts_bomb() -> bytes:
    """A small picture with a comment that unpacks to 50 MB."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    plain = picture.getvalue()
    data = b"Comment\x00\x00" + zlib.compress(bytes(50 * MEGABYTE), 9)
    chunk = len(data).to_bytes(4, "big") + b"zTXt" + data + zlib.crc32(b"zTXt" + data).to_bytes(4, "big")
    return plain[:33] + chunk + plain[33:]


PICTURES = {
    "50,000 × 50,000 pixels": png(50_000, 50_000),
    "0 pixels": png(0, 0),
    "cut off": png(2000, 2000)[:200],
    "a comment of 50 MB": texts_bomb(),
    "a page": b"<html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a packed file": gzip.compress(bytes(30 * MEGABYTE)),
    "20 MB": b"\xff\xd8\xff" + bytes(20 * MEGABYTE),
}


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture(city: City, key: str, bounded: None, name: str):
    answer = await city.client().post("/api/v1/photos", content=PICTURES[name], headers={"content-type": "image/png"})
    assert answer.status_code in (413, 422), answer.text[:300]
    form = {"service_code": "flood", "lat": "-8.1", "long": "112.165", "api_key": key, "description": "Air"}
    answer = await city.client().post("/open311/v2/requests.json", data=form, files={"media": PICTURES[name]})
    assert answer.status_code in (400, 413), answer.text[:300]
    assert await position(city) == 0


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────

HEAD = b"POST /api/v1/reports HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"


async def spoken(city: City, *said: bytes) -> bytes:
    """All that comes back on one connection until it ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", city.port)
    try:
        for each in said:
            writer.write(each)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 60)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_headers_without_an_end_are_cut_off(city: City, bounded: None):
    flood = (b"x-%d: %b\r\n" % (n, b"y" * 1000) for n in range(20_000))
    assert (await spoken(city, HEAD, *flood))[:12] in (b"HTTP/1.1 431", b"")
    assert (await spoken(city, b"GET /" + b"a" * (30 * MEGABYTE)))[:12] in (b"HTTP/1.1 431", b"")
    assert (await spoken(city, HEAD + b"x: ", *[b"y" * MEGABYTE] * 30))[:12] in (b"HTTP/1.1 431", b"")
    assert await position(city) == 0


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    # Several times the pauses below: on a busy machine they are longer than they were meant to be.
    monkeypatch.setattr(patience, "SILENT_S", 1.0)
    monkeypatch.setattr(patience, "SLOW_AFTER_S", 0.4)
    monkeypatch.setattr(patience, "SLOWEST", 100)


async def test_who_stops_in_the_middle_is_told_and_let_go(city: City, hurried: None):
    assert (await spoken(city, HEAD)).startswith(b"HTTP/1.1 408 ")
    assert (await spoken(city, HEAD + b"content-length: 500\r\n\r\n{")).startswith(b"HTTP/1.1 408 ")
    assert await spoken(city) == b""
    assert await position(city) == 0


async def test_who_drips_is_let_go_and_who_is_slow_is_not(city: City, hurried: None):
    async def dripped(pause: float, piece: bytes, pieces: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", city.port)
        body = json.dumps(report(text="Air " * 500)).encode()
        length = len(body) if piece == b"" else 64 * 1024
        writer.write(HEAD + b"connection: close\r\ncontent-length: %d\r\n\r\n" % length)
        size = -(-len(body) // pieces)
        try:
            for n in range(pieces):
                writer.write(piece or body[n * size : (n + 1) * size])
                await writer.drain()
                # The pace is what is tested.
                await asyncio.sleep(pause)
            return await asyncio.wait_for(reader.read(), 60)
        except ConnectionError:
            return b"cut"
        finally:
            writer.close()

    assert (await dripped(0.1, b" ", 60))[:12] in (b"HTTP/1.1 408", b"cut")
    assert (await dripped(0.3, b"", 4)).startswith(b"HTTP/1.1 201 ")


async def test_many_slow_lines_cost_little_and_others_are_served(city: City, bounded: None):
    lines = [await asyncio.open_connection("127.0.0.1", city.port) for _ in range(300)]
    for _, writer in lines:
        writer.write(HEAD + b"content-length: 60000\r\n\r\n{")
    assert (await city.report())["id"]
    for _, writer in lines:
        writer.close()
