"""The ring against a plain list, for any facts and any memory."""

from hypothesis import given
from hypothesis import strategies as st

from hadir.outbound.live.frames import event_id, parse_event_id
from hadir.outbound.live.ring import Frame, Ring

AUDIENCES = ("city", "agency:a", "person:p", "public", "*")

frames = st.lists(
    st.tuples(
        st.integers(1, 3), st.dictionaries(st.sampled_from(AUDIENCES), st.binary(max_size=20), min_size=1, max_size=4)
    ),
    max_size=40,
).map(lambda steps: [Frame(sum(step for step, _ in steps[: i + 1]), events) for i, (_, events) in enumerate(steps)])


@given(frames, st.integers(0, 200), st.sampled_from(AUDIENCES[:4]), st.integers(0, 90), st.integers(1, 60))
def test_what_is_covered_is_complete(all_frames, limit, audience, after, piece):
    ring = Ring(limit=limit)
    for frame in all_frames:
        ring.extend([frame], frame.position)
    if not ring.covers(after):
        newest = all_frames[-1].position if all_frames else 0
        assert after > newest or ring.base > 0
        return
    data, at = b"", after
    while True:
        got = ring.since(at, audience, piece)
        data += got.data
        assert got.upto >= at
        at = got.upto
        if got.end:
            break
    assert at == ring.head
    assert data == b"".join(frame.of(audience) for frame in all_frames if frame.position > after)


@given(st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True), st.integers(0, 10**18 - 1))
def test_event_ids_come_back(epoch, position):
    assert parse_event_id(event_id(epoch, position)) == (epoch, position)


@given(st.text(max_size=30))
def test_anything_else_is_none_or_one_of_ours(text):
    parsed = parse_event_id(text)
    assert parsed is None or event_id(*parsed) == event_id(parsed[0], parsed[1])
