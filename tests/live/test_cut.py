"""Cut off at every byte: whoever resumes by the last id it had ends with the same picture."""

import asyncio

from tests.live.client import Client, Event, parse
from tests.live.conftest import EPOCH, Server


def fold(events: list[Event]) -> dict[str, int]:
    """A picture: the newest value of each key. Order matters, a missing or repeated fact shows."""
    picture: dict[str, int] = {}
    for event in events:
        if event.name == "fact":
            key = event.data["key"]
            picture[key] = picture.get(key, 0) * 10 + event.data["n"]
    return picture


def whole(body: bytes) -> list[Event]:
    """The events a browser would have seen: an event counts when its empty line has come."""
    *parts, _rest = body.split(b"\n\n")
    return [parse(part) for part in parts]


async def test_a_client_cut_off_at_every_byte_ends_with_the_same_picture(server: Server):
    for position in range(1, 9):
        server.say(position, city=b'{"key":"%b","n":%d}' % (b"a" if position % 2 else b"b", position))
    never_left = await server.listen(after=f"{EPOCH}-0")
    events = await never_left.until(8)
    expected, length = fold(events), len(never_left.body)
    await never_left.close()
    assert expected == {"a": 1357, "b": 2468}

    async def cut_at(byte: int) -> dict[str, int]:
        client = await server.listen(after=f"{EPOCH}-0")
        while len(client.body) < byte and not client.body.endswith(b'"position":8}\n\n') and await client.more():
            pass
        await client.close()
        had = whole(bytes(client.body[:byte]))
        last = next((e.id for e in reversed(had) if e.id), f"{EPOCH}-0")
        again = await Client.open(server.port, after=f"{EPOCH}-0", last_event_id=last)
        rest = await again.until(8)
        await again.close()
        return fold(had + rest)

    retry_line = 30  # its length is drawn anew for each stream, so go a little beyond the end
    for start in range(0, length + retry_line, 32):
        pictures = await asyncio.gather(*(cut_at(byte) for byte in range(start, start + 32)))
        assert all(picture == expected for picture in pictures)
