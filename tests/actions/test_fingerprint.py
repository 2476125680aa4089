"""A fingerprint stays nearly the same whatever lazy hands do, and strangers stay far apart."""

import io
import random
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hadir.actions import fingerprint as f
from hadir.ports.evidence import SURE_BITS
from tests.actions.pictures import brightened, cropped, jpeg, resized, scene

shares = st.floats(0, 1)


def grey(data: bytes) -> f.Grey:
    with Image.open(io.BytesIO(data)) as picture:
        return f.shrunk(picture)


def distance(asked: f.Grey, stored: f.Grey) -> tuple[int, int]:
    """(bits, probe) of the nearest probe."""
    words = np.frombuffer(f.probes(asked), np.uint8).reshape(-1, 32) ^ np.frombuffer(f.fingerprint(stored), np.uint8)
    every = np.bitwise_count(words).sum(axis=1)
    return int(every.min()), int(every.argmin())


#: What a change leaves of the fields at least. Being found is a share (95 of 100; also in evidence.search): a photo
#: that is made smaller, cropped, darkened and packed hard at once may fall a few fields short of it.
CLOSE = f.SAME_FIELDS - 6


@dataclass(frozen=True)
class Change:
    """What may have been done to a photo since."""

    number: int
    times: float
    lost: float
    left: float
    top: float
    light: float
    quality: int

    def fields(self) -> list[int]:
        """Fields that look the same, asked either way round."""
        original = scene(self.number)
        smaller = cropped(resized(original, self.times), self.lost, self.left, self.top)
        changed = jpeg(brightened(smaller, self.light), self.quality)
        pairs = (grey(changed), f.shrunk(original)), (f.shrunk(original), grey(changed))
        return [self._same(asked, stored) for asked, stored in pairs]

    @staticmethod
    def _same(asked: f.Grey, stored: f.Grey) -> int:
        bits, probe = distance(asked, stored)
        assert bits <= SURE_BITS + 16
        return f.same_fields(asked, f.small(stored), probe).count("1")


@settings(max_examples=60)
@given(
    st.builds(
        Change,
        number=st.integers(0, 400),
        times=st.floats(0.4, 1.0),
        lost=st.floats(0, 0.05),
        left=shares,
        top=shares,
        light=st.floats(0.85, 1.15),
        quality=st.integers(45, 95),
    )
)
def test_the_same_photo_stays_close_whichever_way_it_was_changed(change: Change) -> None:
    assert min(change.fields()) >= CLOSE


def test_ninety_five_of_a_hundred_changed_photos_are_found() -> None:
    chance = random.Random(8311)
    changes = [
        Change(
            number=chance.randrange(400),
            times=chance.uniform(0.4, 1.0),
            lost=chance.uniform(0, 0.05),
            left=chance.random(),
            top=chance.random(),
            light=chance.uniform(0.85, 1.15),
            quality=chance.randint(45, 95),
        )
        for _ in range(100)
    ]
    found = [min(change.fields()) >= f.SAME_FIELDS for change in changes]
    assert sum(found) >= 95


@settings(max_examples=60)
@given(one=st.integers(0, 400), other=st.integers(1_000, 1_400))
def test_strangers_are_not_the_same(one: int, other: int) -> None:
    asked, stored = f.shrunk(scene(one)), f.shrunk(scene(other))
    bits, probe = distance(asked, stored)
    assert bits > SURE_BITS or f.same_fields(asked, f.small(stored), probe).count("1") < f.SAME_FIELDS


@given(number=st.integers(0, 400))
@settings(max_examples=20)
def test_a_mirrored_photo_is_found_and_named_so(number: int) -> None:
    original = scene(number)
    flipped = f.shrunk(original.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    bits, probe = distance(flipped, f.shrunk(original))
    assert bits <= 24
    assert f.window_of(probe)[1]
    assert f.same_fields(flipped, f.small(f.shrunk(original)), probe).count("1") > 60


def test_several_are_printed_as_each() -> None:
    greys = np.stack([f.shrunk(scene(n)) for n in range(3)])
    assert f.fingerprint(greys) == b"".join(f.fingerprint(each) for each in greys)
    assert f.small(greys) == b"".join(f.small(each) for each in greys)


def test_an_even_picture_is_plain_and_a_scene_is_not() -> None:
    assert f.plain(f.shrunk(Image.new("RGB", (64, 48), (9, 9, 9))))
    assert not f.plain(f.shrunk(scene(1)))
