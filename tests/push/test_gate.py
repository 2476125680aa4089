"""The way out: nothing of our own network is ever called because somebody outside named it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from hadir.outbound.kit import gate
from hadir.outbound.kit.gate import Forbidden, Gate, Unreachable, public


@pytest.fixture
async def shut() -> AsyncIterator[Gate]:
    made = Gate()
    yield made
    await made.close()


@pytest.fixture
async def unlocked() -> AsyncIterator[Gate]:
    made = Gate(private=True)
    yield made
    await made.close()


OURS = [
    "127.0.0.1",
    "10.1.2.3",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "not-an-address",
]


@pytest.mark.parametrize("address", OURS)
def test_addresses_of_ours_are_not_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2600:1901:0:38d7::", "142.250.4.95"])
def test_addresses_out_there_are(address: str) -> None:
    assert public(address)


NO_SERVICES = [
    "http://push.example/1",
    "https://push.example:8443/1",
    "https://user:pw@push.example/",
    "https://127.0.0.1/1",
    "https://[::1]/1",
    "ftp://push.example/",
    "https:///1",
    "https://push.example:99999/",
    "push.example",
    "https://10.0.0.7/x",
]


@pytest.mark.parametrize("url", ["", "https://push.example/\nx", *NO_SERVICES])
async def test_what_cannot_be_a_push_service_is_not_even_kept(shut: Gate, url: str) -> None:
    with pytest.raises(Forbidden):
        shut.check(url)


async def test_a_public_name_that_answers_with_an_inside_address_is_not_called(
    shut: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def lookup(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("8.8.8.8", port)), (2, 1, 6, "", ("169.254.169.254", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup, raising=False)
    with pytest.raises(Forbidden):
        await shut.post("https://rebind.example/x", {}, b"")
    assert asked == ["rebind.example"]


Answering = Callable[[bytes], Any]


@pytest.fixture
async def answering() -> AsyncIterator[Answering]:
    """Starts a server that answers with these bytes; gives its address."""
    servers: list[asyncio.Server] = []

    async def start(data: bytes) -> str:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(data)
            await writer.drain()
            if not data:
                await reader.read()  # until the other side gives up
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    yield start
    for server in servers:
        server.close()


async def test_with_the_setting_for_tests_loopback_is_called(unlocked: Gate, answering: Answering) -> None:
    url = await answering(b"HTTP/1.1 201 Created\r\nRetry-After: 7\r\ncontent-length: 2\r\n\r\nok")
    answer = await unlocked.post(url, {"ttl": "5"}, b"x")
    assert (answer.status, answer.headers["retry-after"], answer.body) == (201, "7", b"ok")


async def test_a_redirection_is_an_answer_and_nothing_more(unlocked: Gate, answering: Answering) -> None:
    url = await answering(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n")
    assert (await unlocked.post(url, {}, b"")).status == 302


async def test_a_long_answer_is_not_read_to_its_end(unlocked: Gate, answering: Answering) -> None:
    url = await answering(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + b"x" * 100_000)
    assert len((await unlocked.post(url, {}, b"")).body) == gate.ANSWER_MOST


async def test_whoever_does_not_answer_is_left(
    unlocked: Gate, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "WITHIN_S", 0.05)
    with pytest.raises(Unreachable):
        await unlocked.post(await answering(b""), {}, b"")


async def test_nobody_there_is_unreachable(unlocked: Gate) -> None:
    with pytest.raises(Unreachable):
        await unlocked.post("http://127.0.0.1:1/", {}, b"")
