"""A photo's fingerprint: 256 bits that stay nearly the same when it is compressed, resized, brightened or cropped.

Each bit is the sign of one low frequency (a DCT) of the grey picture: where the light lies, not how strong it is.
Of a stored photo only its middle is printed (90 % of each side). Of a photo that is looked up, that middle is sought in
49 windows: at its own place, and where it would lie if the one or the other photo had lost up to 5 % of a side. So what
is stored is small (32 bytes a photo) and what is asked is rich. A mirrored photo has the signs of its odd horizontal
frequencies turned, so it costs one XOR.

The method is the «pHash» of the literature (DCT, signs); the windows are ours. Nothing here is secret, and somebody who
knows it can make a photo that is not recognised: it finds what lazy hands do, it proves nothing.
"""

from __future__ import annotations

import io
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hadir.ports.evidence import PRINT_BYTES

Grey: TypeAlias = NDArray[np.float32]
#: left, top, right, bottom as shares of the picture's sides
Region: TypeAlias = tuple[float, float, float, float]

BITS: Final = 8 * PRINT_BYTES
# The grey picture that all windows are cut from, pixels a side. The products below stay so small that the linear
# algebra does them in this thread: waking its others takes ten times as long.
SIDE: Final = 96
#: samples a window gets along each side before its frequencies are taken
_SAMPLES: Final = 64
#: frequencies along each side among which the lowest 256 are chosen
_MOST: Final = 20
MARGIN: Final = 0.05
#: what may be cut off one side of one of the two photos, all in all
CROP: Final = 0.05
# An evenly grey picture has no light and dark to compare; its signs would be the compression's noise.
# 2 is what a wall in shadow has; a cloudy sky has 10 (of 255, standard deviation).
PLAIN: Final = 2.0


#: a stored photo's middle
MIDDLE: Final[Region] = (MARGIN, MARGIN, 1 - MARGIN, 1 - MARGIN)
#: fields a side, for telling where two photos are the same
FIELDS: Final = 8
#: pixels a side of the small copy that is kept beside a fingerprint
SMALL: Final = 32
# In standard deviations of the whole picture, and as a correlation. Measured with these: a photo that was cropped,
# resized, brightened and compressed keeps 61 of its 64 fields at least. Of 1.5 thousand million pairs of strangers two
# had 51 in common, none more, and each field more halves their number: 57 leaves less than one among ten thousand
# searches in a million.
FIELD_LIGHT: Final = 0.5
FIELD_EVEN: Final = 0.02
FIELD_FOLLOWS: Final = 0.7
SAME_FIELDS: Final = 57


def _chosen() -> list[tuple[int, int]]:
    """(vertical, horizontal) frequencies, the lowest first; without (0, 0), the mean brightness."""
    every = [(u, v) for u in range(_MOST) for v in range(_MOST) if (u, v) != (0, 0)]
    return sorted(every, key=lambda f: (f[0] ** 2 + f[1] ** 2, f))[:BITS]


def _windows() -> list[tuple[float, float]]:
    """Where a stored photo's middle may lie along one side of the photo that is looked up, as shares of that side."""
    kept, steps = 1 - CROP, (0.0, CROP / 2, CROP)
    inside = [((MARGIN - o) / kept, (1 - MARGIN - o) / kept) for o in steps]
    around = [(o + kept * MARGIN, o + kept * (1 - MARGIN)) for o in steps]
    return [(MARGIN, 1 - MARGIN), *inside, *around]


def _sampling(start: float, end: float, count: int = _SAMPLES) -> NDArray[np.float64]:
    """(count, SIDE): each sample is the mean of the pixels under it, parts of pixels counted as parts."""
    edges = np.linspace(start * SIDE, end * SIDE, count + 1)
    pixels = np.arange(SIDE)
    low = np.maximum(edges[:-1, None], pixels[None, :])
    high = np.minimum(edges[1:, None], pixels[None, :] + 1)
    cover = np.clip(high - low, 0, None)
    return cover / cover.sum(axis=1, keepdims=True)


def _waves() -> NDArray[np.float64]:
    """(_MOST, _SAMPLES): the cosines of the DCT-II."""
    at = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    return np.cos(np.pi * np.arange(_MOST)[:, None] * at[None, :])


_FREQUENCIES = _chosen()
_ROWS = np.array([u for u, _ in _FREQUENCIES])
_COLUMNS = np.array([v for _, v in _FREQUENCIES])
WINDOWS: Final = tuple(_windows())
#: for each window, pixels → frequencies along one side
_LENS = np.stack([_waves() @ _sampling(*window) for window in WINDOWS]).astype(np.float32)


def grey(data: bytes) -> Grey:
    """The picture as SIDE x SIDE grey values, upright. Raises what Pillow raises for what it cannot read."""
    with Image.open(io.BytesIO(data)) as picture:
        return shrunk(picture)


def shrunk(picture: Image.Image) -> Grey:
    """SIDE x SIDE grey values of a picture; its shape is given up, as a crop changes it too."""
    small = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small, dtype=np.float32)


def plain(values: Grey) -> bool:
    """Too even to be told from another photo."""
    return float(values.std()) < PLAIN


def fingerprint(values: Grey) -> bytes:
    """32 bytes: the middle of a photo, as it is stored. Of several, (n, SIDE, SIDE), one after the other."""
    return _packed(_LENS[0] @ values @ _LENS[0].T).tobytes()


def probes(values: Grey) -> bytes:
    """2 · 49 fingerprints: the middle sought in every window, as it is and mirrored; see `window_of`."""
    along = np.matmul(_LENS, values)
    every = np.matmul(along[:, None], _LENS.transpose(0, 2, 1)[None, :])
    straight = _packed(every.reshape(-1, _MOST, _MOST))
    return straight.tobytes() + (straight ^ _MIRROR).tobytes()


def window_of(probe: int) -> tuple[Region, bool]:
    """Where on the photo that was looked up a probe lies, and whether it is mirrored."""
    mirrored, window = divmod(probe, len(WINDOWS) ** 2)
    (top, bottom), (left, right) = (WINDOWS[i] for i in divmod(window, len(WINDOWS)))
    return (left, top, right, bottom), bool(mirrored)


def small(values: Grey) -> bytes:
    """SMALL x SMALL grey values of the middle, a byte each: what a stored photo is looked at by. Or of several."""
    return _region(values, *MIDDLE).round().clip(0, 255).astype(np.uint8).tobytes()


def same_fields(values: Grey, stored: bytes, probe: int) -> str:
    """64 fields of the region that both show, row by row: "1" where they look the same.

    «values» is the photo that was looked up, `stored` the other's `small`, `probe` how it was found. A field looks the
    same when its light and dark follow each other; one that is even in both is the same when it is as bright.
    """
    (left, top, right, bottom), mirrored = window_of(probe)
    here = _region(values, left, top, right, bottom)
    there = np.frombuffer(stored, np.uint8).reshape(SMALL, SMALL).astype(np.float32)
    here = here[:, ::-1] if mirrored else here
    same = [_alike(a, b) for a, b in zip(_fields(_level(here)), _fields(_level(there)), strict=True)]
    rows = np.array(same).reshape(FIELDS, FIELDS)
    return "".join("1" if each else "0" for each in (rows[:, ::-1] if mirrored else rows).flat)


def _region(values: Grey, left: float, top: float, right: float, bottom: float) -> Grey:
    """SMALL x SMALL grey values of a part of the picture."""
    return (_sampling(top, bottom, SMALL) @ values @ _sampling(left, right, SMALL).T).astype(np.float32)


def _level(values: Grey) -> Grey:
    """Without the brightness and the contrast of the whole: what was only made brighter is the same."""
    return (values - values.mean()) / max(float(values.std()), 1e-6)


def _fields(values: Grey) -> Grey:
    """(64, pixels)."""
    size = SMALL // FIELDS
    return values.reshape(FIELDS, size, FIELDS, size).transpose(0, 2, 1, 3).reshape(FIELDS * FIELDS, -1)


def _alike(one: Grey, other: Grey) -> bool:
    """Fields of two levelled pictures."""
    if abs(float(one.mean() - other.mean())) > FIELD_LIGHT:
        return False
    a, b = one - one.mean(), other - other.mean()
    strength = float(np.sqrt((a * a).mean() * (b * b).mean()))
    return strength < FIELD_EVEN or float((a * b).mean()) / strength > FIELD_FOLLOWS


def _packed(coefficients: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(…, _MOST, _MOST) → (…, 32)."""
    signs = coefficients[..., _ROWS, _COLUMNS] > 0
    return np.packbits(signs, axis=-1, bitorder="little")


#: XOR with this mirrors a fingerprint left to right
_MIRROR: Final = np.packbits(_COLUMNS % 2 == 1, bitorder="little")
