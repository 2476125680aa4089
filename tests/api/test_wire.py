"""The short way of a command's answer: one write, and still HTTP as the client asked for it."""

import asyncio
import json

from tests.api.conftest import City, new_id


def _request(*headers: str, version: str = "1.1") -> bytes:
    body = json.dumps({"command_id": new_id(), "text": "Air selutut", "place": {"how": "words", "text": "gang"}})
    lines = ["POST /api/v1/reports HTTP/" + version, "host: 127.0.0.1", f"content-length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def _answers(city: City, sent: bytes, count: int, closed: bool = False) -> list[tuple[bytes, dict]]:
    """So many answers; `closed`: and then the end of the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", city.port)
    writer.write(sent)
    answers = []
    for _ in range(count):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answers.append((head, json.loads(await reader.readexactly(length))))
    if closed:
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    return answers


async def test_every_answer_carries_the_date_and_the_headers_of_all_answers(city: City) -> None:
    ((head, told),) = await _answers(city, _request(), 1)
    assert head.startswith(b"HTTP/1.1 201 Created\r\n")
    for name in (b"date:", b"content-security-policy:", b"x-content-type-options:", b"cache-control: no-store"):
        assert head.lower().count(b"\r\n" + name) == 1
    assert told["report_id"]


async def test_requests_sent_together_are_answered_in_order_on_one_connection(city: City) -> None:
    answers = await _answers(city, _request() + _request() + _request(), 3)
    positions = [told["position"] for _, told in answers]
    assert positions == sorted(positions) and len(set(positions)) == 3


async def test_a_client_that_wants_the_connection_closed_gets_it_closed(city: City) -> None:
    ((head, _),) = await _answers(city, _request("connection: close"), 1, closed=True)
    assert b"connection: close" in head.lower()


async def test_an_old_client_is_answered_the_usual_way(city: City) -> None:
    ((head, told),) = await _answers(city, _request(version="1.0"), 1, closed=True)
    assert head.startswith(b"HTTP/1.1 201") and told["report_id"]
