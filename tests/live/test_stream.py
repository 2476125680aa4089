"""The stream over a real connection: what comes, in which order, and what never comes."""

import asyncio
import socket

import pytest

from hadir.outbound.live import hub as hub_module
from hadir.outbound.live import wire
from tests.live.client import Client
from tests.live.conftest import EPOCH, Server, serving


def facts(events):
    return [(e.id, e.data) for e in events if e.name == "fact"]


async def test_what_follows_a_position_comes_in_order_and_complete(server: Server):
    for position in range(1, 6):
        server.say(position, city=b'{"n":%d}' % position)
    client = await server.listen(after=f"{EPOCH}-2")
    server.say(6, city=b'{"n":6}')
    events = await client.events(4)
    assert facts(events) == [(f"{EPOCH}-{n}", {"n": n}) for n in (3, 4, 5, 6)]
    await client.close()


async def test_the_head_forbids_buffering(server: Server):
    client = await server.listen()
    head = client.head.lower()
    assert head.startswith(b"http/1.1 200")
    assert b"content-type: text/event-stream" in head
    assert b"cache-control: no-store, no-transform" in head
    assert b"x-accel-buffering: no" in head
    await client.close()


async def test_the_header_wins_over_the_address(server: Server):
    """EventSource repeats its first `?after=` on every reconnect."""
    for position in range(1, 5):
        server.say(position, city=b"{}")
    client = await server.listen(after=f"{EPOCH}-0", last_event_id=f"{EPOCH}-3")
    assert [e.id for e in await client.events(1)] == [f"{EPOCH}-4"]
    await client.close()


@pytest.mark.parametrize("given", [f"{EPOCH}-99", "OTHER-1", "nonsense", f"{EPOCH}-", "-3", f"{EPOCH}-1 or 1=1"])
async def test_what_cannot_be_continued_is_one_resync_and_nothing_else(server: Server, given: str):
    server.say(1, city=b"{}")
    client = await Client.open(server.port, last_event_id=given)
    body = await client.rest()
    events = [part for part in body.split(b"\n\n") if part and not part.startswith(b"retry:")]
    assert events == [b'event: resync\ndata: {"epoch":"EPOCH1","position":1}']
    assert client.ended, "a whole end of the body, not a cut"


async def test_older_than_what_is_kept_is_a_resync_and_never_a_part(server: Server):
    for position in range(1, 9):
        server.say(position, city=b"{}")
    server.store.forget(4)
    server.hub.ring.base = 6
    assert b"event: resync" in await (await server.listen(after=f"{EPOCH}-3")).rest()
    kept = await server.listen(after=f"{EPOCH}-4")
    assert [e.id for e in await kept.events(4)] == [f"{EPOCH}-{n}" for n in (5, 6, 7, 8)]
    await kept.close()


async def test_too_far_behind_gets_the_board_instead(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hadir.outbound.live.door.BEHIND_MOST", 3)
    for position in range(1, 8):
        server.say(position, city=b"{}")
    server.hub.ring.base = 7
    assert b"event: resync" in await (await server.listen(after=f"{EPOCH}-0")).rest()


async def test_a_fact_during_the_catch_up_comes_once(server: Server):
    """Between the table's answer and the joining other facts happen; none is lost and none comes twice."""
    for position in range(1, 4):
        server.say(position, city=b"{}")
    server.hub.ring.base = 3
    original = server.store.after

    async def slow(position, audience, limit):
        rows = await original(position, audience, limit)
        server.say(4, city=b"{}")
        await asyncio.sleep(0.05)
        server.say(5, city=b"{}")
        return rows

    server.store.after = slow
    client = await server.listen(after=f"{EPOCH}-0")
    events = await client.until(5)
    server.say(6, city=b"{}")
    events += await client.until(6)
    assert [e.id for e in events if e.name == "fact"] == [f"{EPOCH}-{n}" for n in range(1, 7)]
    await client.close()


async def test_joining_within_a_tick_repeats_nothing(server: Server):
    first = await server.listen()
    await first.until(0)
    server.say(1, city=b"{}")
    await first.events(1)
    server.say(2, city=b"{}")  # waits for the tick
    second = await server.listen(after=f"{EPOCH}-0")
    server.say(3, city=b"{}")
    assert [e.id for e in await second.events(3)] == [f"{EPOCH}-{n}" for n in (1, 2, 3)]
    assert [e.id for e in await first.events(2)] == [f"{EPOCH}-{n}" for n in (2, 3)]
    await first.close()
    await second.close()


async def test_an_audience_sees_its_own_and_the_rest_theirs(server: Server):
    viewers = {name: await server.listen(name) for name in ("city", "agency:bpbd", "agency:dlh", "person:p1", "public")}
    await asyncio.gather(*(each.until(0) for each in viewers.values()))
    server.say(1, city=b'{"for":"city"}', agency_bpbd=b'{"for":"bpbd"}')
    server.say(2, city=b'{"for":"city"}', rest=b'{"for":"rest"}', agency_bpbd=b"", public=b'{"for":"public"}')
    server.say(3, rest=b'{"for":"all"}')
    seen = {name: [e.data["for"] for e in await each.until(3) if e.name == "fact"] for name, each in viewers.items()}
    assert seen == {
        "city": ["city", "city", "all"],
        "agency:bpbd": ["bpbd", "all"],
        "agency:dlh": ["rest", "all"],
        "person:p1": ["rest", "all"],
        "public": ["public", "all"],
    }
    for each in viewers.values():
        await each.close()


async def test_resuming_gives_each_audience_the_same(server: Server):
    server.say(1, city=b'{"for":"city"}', rest=b'{"for":"rest"}', agency_bpbd=b"")
    for base in (0, 1):  # from the ring, then from the table
        server.hub.ring.base = base
        for audience, expected in (("city", ["city"]), ("agency:bpbd", []), ("person:p1", ["rest"])):
            client = await server.listen(audience, after=f"{EPOCH}-0")
            assert [e.data["for"] for e in await client.until(1) if e.name == "fact"] == expected
            await client.close()


async def test_everyone_gets_the_same_bytes_and_a_tick_is_one_write(server: Server):
    clients = [await server.listen() for _ in range(20)]
    await asyncio.gather(*(c.until(0) for c in clients))
    await asyncio.sleep(hub_module.TICK_S * 2)
    written = server.hub.writes
    server.say(1, city=b'{"n":1}')
    await asyncio.gather(*(c.until(1) for c in clients))
    for position in range(2, 12):
        server.say(position, city=b'{"n":%d}' % position)
    await asyncio.gather(*(c.until(11) for c in clients))
    assert len({bytes(c.wire).split(b"\n\n", 2)[2] for c in clients}) == 1
    assert server.hub.writes - written == 2 * len(clients), "one write for the first, one for the ten of a tick"
    for each in clients:
        await each.close()


async def test_a_beat_says_how_far_the_stream_is():
    async for server in serving(beat_s=0.25):
        client = await server.listen("person:quiet")
        server.say(7, city=b"{}")  # not for this one
        events = [e for e in await client.events(2, beats=True) if e.name == "beat"]
        events += [e for e in await client.until(7) if e.name == "beat"]
        assert events[-1].id == f"{EPOCH}-7"
        assert events[-1].data["at"].endswith("Z")
        await client.close()


async def test_retry_is_spread(server: Server):
    seen = set()
    for _ in range(12):
        client = await server.listen()
        await client.until(0)
        seen.add(bytes(client.body).split(b"\n\n")[0])
        await client.close()
    assert len(seen) > 6
    assert all(int(line.removeprefix(b"retry: ")) >= 1000 for line in seen)


async def test_a_client_of_http_1_0_gets_no_chunks(server: Server):
    client = await Client.open(server.port, version="1.0")
    chunked = await server.listen()
    await client.until(0)
    await chunked.until(0)
    server.say(1, city=b'{"n":1}')
    assert facts(await client.until(1)) == facts(await chunked.until(1)) == [(f"{EPOCH}-1", {"n": 1})]
    assert not client.chunked
    assert b"connection: close" in client.head.lower()
    await client.close()
    await chunked.close()


async def test_who_leaves_is_forgotten(server: Server):
    clients = [await server.listen() for _ in range(5)]
    await asyncio.gather(*(c.until(0) for c in clients))
    assert len(server.hub.streams) == 5
    for each in clients:
        await each.close()
    async with asyncio.timeout(30):
        while server.hub.streams:
            await asyncio.sleep(0.01)
    server.say(1, city=b"{}")


async def test_signing_out_ends_the_streams_of_that_account_alone(server: Server):
    mine, other = await server.listen(who="operator"), await server.listen(who="operator-2")
    await mine.until(0)
    await other.until(0)
    server.hub.end_streams_of("operator")
    await mine.rest()
    assert mine.ended
    server.say(1, city=b"{}")
    assert len(facts(await other.until(1))) == 1
    await other.close()


async def test_who_does_not_read_is_cut_and_the_others_do_not_wait(server: Server):
    """Over 256 KiB unsent; the kernel's own buffers come on top."""
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", server.port))
    slow.sendall(b"GET /api/v1/live?audience=city HTTP/1.1\r\nHost: x\r\n\r\n")
    quick = await server.listen()
    await quick.until(0)
    async with asyncio.timeout(30):
        while len(server.hub.streams) < 2:
            await asyncio.sleep(0.01)
    big = b'{"x":"%b"}' % (b"y" * 8000)
    for position in range(1, 200):
        server.say(position, city=big)
        await quick.until(position)
        if server.hub.cut_slow:
            break
    assert server.hub.cut_slow == 1
    unsent_most = wire.UNSENT_MOST + 2 * wire.KERNEL_BUFFER + 64 * 1024
    assert position * len(big) <= unsent_most + 10 * len(big)
    assert len(server.hub.streams) == 1
    slow.close()
    await quick.close()


async def test_readings_are_replaced_while_they_wait(server: Server):
    quick = await server.listen()
    await quick.until(0)
    for n in range(50):
        server.hub.read(["city"], "unit/p1", b'{"key":"unit/p1","n":%d}' % n)
    (reading,) = await quick.events(1)
    assert (reading.name, reading.id, reading.data["n"]) == ("reading", None, 49)
    await quick.close()


async def test_who_has_unsent_bytes_gets_the_newest_reading_when_they_are_gone(server: Server):
    client = await server.listen()
    await client.until(0)
    (stream,) = server.hub.streams
    big = b'{"x":"%b"}' % (b"y" * 200_000)
    server.say(1, city=big)  # does not fit into the kernel's buffers at once
    server.hub.flush()
    for n in range(3):
        server.hub.read(["city"], "unit/p1", b'{"n":%d}' % n)
        server.hub.flush()
    assert list(stream.marked) == ["unit/p1"]
    events = await client.events(2)
    assert [e.name for e in events] == ["fact", "reading"]
    assert events[1].data == {"n": 2}
    await client.close()


async def test_a_thousand_readings_at_once_cut_nobody_who_is_only_slow(server: Server):
    """As many officers as a city has are more than the unsent bytes that a client is cut for."""
    client = await server.listen()
    await client.until(0)
    for n in (1, 2):
        for unit in range(1000):
            server.hub.read(["city"], f"unit/{unit}", b'{"key":"%d","n":%d,"x":"%b"}' % (unit, n, b"y" * 400))
        server.hub.flush()
    newest: dict[str, int] = {}
    while len(newest) < 1000 or set(newest.values()) != {2}:
        newest |= {event.data["key"]: event.data["n"] for event in await client.events(1)}
    assert server.hub.cut_slow == 0
    await client.close()


async def test_stopping_ends_all_streams_quickly_even_stuck_ones():
    async for server in serving():
        clients = [await server.listen() for _ in range(10)]
        await asyncio.gather(*(c.until(0) for c in clients))
        started = asyncio.get_running_loop().time()
        await server.hub.close()
        await asyncio.gather(*(c.rest() for c in clients))
        assert all(c.ended for c in clients)
        assert asyncio.get_running_loop().time() - started < 10
        assert server.hub.full


async def test_what_a_client_says_on_its_stream_is_not_read(server: Server):
    client = await server.listen()
    await client.until(0)
    client.writer.write(b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\ncontent-length: 0\r\n\r\n" * 3)
    await client.writer.drain()
    server.say(1, city=b'{"n":1}')
    assert facts(await client.until(1)) == [(f"{EPOCH}-1", {"n": 1})]
    assert b"HTTP/1.1" not in client.body
    await client.close()
