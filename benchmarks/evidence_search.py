"""evidence.search: is a photo of proof one of a million earlier ones? Time, recall, and false matches.

All pictures are made up (noise of several octaves, skies, shapes), by numbers, so that every run has the same ones:
there is no collection of a million photos that may be shipped. What is measured of them is the program's own path:
`actions.fingerprint` and the search in memory that the server uses. The million are made small, straight as the grey
values that a fingerprint begins with; the photos that are found again are whole ones, through Pillow's JPEG.

- time: one search among the fingerprints, and a look at what it gave (`same_fields`); the look at the database for the
  names and small copies of at most ten rows by their key is not in it
- recall: each of the four changes alone, and all of them at once
- false: searches with strangers after which a verifier would be shown a picture
"""

from __future__ import annotations

import io
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import repeat
from typing import IO, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance

from benchmarks.rows import Row, percentile, row
from hadir.actions import fingerprint
from hadir.ports.evidence import PRINT_BYTES
from hadir.storage.lookalikes import Lookalikes

MILLION = 1_000_000
#: whole photos among them, each looked for after every change
PHOTOS = 200
#: strangers that are looked for: one false match among them is the limit
STRANGERS = 10_000
CHUNK = 500

Grey: TypeAlias = NDArray[np.float32]
Random: TypeAlias = np.random.Generator


async def run(earlier: int = MILLION, photos: int = PHOTOS, strangers: int = STRANGERS) -> list[Row]:
    """The rows of results/latest.json."""
    with tempfile.TemporaryFile() as file:
        return _measured(file, earlier, photos, strangers)


def _measured(file: IO[bytes], earlier: int, photos: int, strangers: int) -> list[Row]:
    size = fingerprint.SMALL**2
    copies = np.memmap(file, np.uint8, "w+", shape=(earlier + 1, size))
    index, originals = _stored(earlier, photos, copies)
    search = _Search(index, copies)
    recalls = {name: _recall(search, originals, change) for name, change in CHANGES.items()}
    times = search.times[:]
    false = _false(search, strangers)
    rows = [
        row("evidence.search", [percentile(times, 0.99) * 1000], "ms p99", most=50),
        row("evidence.search.p50", [percentile(times, 0.5) * 1000], "ms"),
        row("evidence.search.false", [10_000 * false / strangers], "of 10,000", most=1),
        row("evidence.search.memory", [(PRINT_BYTES + 8) * earlier / 2**20], "MB", most=64),
    ]
    return rows + [row(f"evidence.recall.{name}", [share], "%", least=95) for name, share in recalls.items()]


class _Search:
    """What a verifier would be shown, and how long each search took. `copies`: the small ones, by number."""

    def __init__(self, index: Lookalikes, copies: NDArray[np.uint8]) -> None:
        self._index = index
        self._copies = copies
        self.times: list[float] = []

    def __call__(self, grey: Grey) -> set[int]:
        probes = fingerprint.probes(grey)
        began = time.perf_counter()
        found = self._index.near(probes, 10)
        same = {n: fingerprint.same_fields(grey, self._copies[n].tobytes(), probe) for n, _, probe in found}
        self.times.append(time.perf_counter() - began)
        return {number for number, fields in same.items() if fields.count("1") >= fingerprint.SAME_FIELDS}


# ── what is stored ───────────────────────────────────────────────────────────────────────────────────────────────


def _stored(earlier: int, photos: int, copies: NDArray[np.uint8]) -> tuple[Lookalikes, dict[int, Image.Image]]:
    """The index, with whole photos spread evenly among the small ones; number → photo. Made up on all cores."""
    index, step = Lookalikes(), max(earlier // photos, 1)
    whole = range(step, step * photos + 1, step)
    chunks = [range(first, min(first + CHUNK, earlier + 1)) for first in range(1, earlier + 1, CHUNK)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as cores:
        for numbers, (prints, small_ones) in zip(chunks, cores.map(_made_up, chunks, repeat(whole)), strict=True):
            index.add(numbers, prints)
            copies[numbers[0] : numbers[-1] + 1] = small_ones
        return index, dict(zip(whole, cores.map(picture, whole), strict=True))


def _made_up(numbers: range, whole: range) -> tuple[bytes, NDArray[np.uint8]]:
    """Their fingerprints one after the other, and small copies; those in `whole` are made from whole photos."""
    greys = small(numbers[0], len(numbers))
    for number in filter(whole.__contains__, numbers):
        greys[number - numbers[0]] = fingerprint.shrunk(again(picture(number), 85))
    copies = np.frombuffer(fingerprint.small(greys), np.uint8).reshape(len(greys), -1)
    return fingerprint.fingerprint(greys), copies


def small(seed: int, count: int) -> Grey:
    """(count, SIDE, SIDE) made-up pictures: light that falls off towards high frequencies, a sky, a few blocks."""
    random = np.random.default_rng(seed)
    side = fingerprint.SIDE
    lens, fall = _basis()
    steep = random.uniform(0.9, 1.6, (count, 1, 1)).astype(np.float32)
    strength = random.standard_normal((count, *fall.shape), dtype=np.float32) * np.exp(-steep * fall)
    values = lens.T @ strength @ lens
    spread = values.std(axis=(1, 2), keepdims=True)
    values *= random.uniform(15, 50, (count, 1, 1)).astype(np.float32) / np.maximum(spread, 1e-6)
    sky = random.uniform(-60, 60, (count, 1, 1)).astype(np.float32)
    values += sky * np.linspace(1, -1, side, dtype=np.float32)[None, :, None]
    for each, blocks in zip(values, random.integers(0, 6, count), strict=True):
        for top, left, high, wide, light in random.integers([0, 0, 4, 4, -110], [side, side, 32, 32, 110], (blocks, 5)):
            each[top : top + high, left : left + wide] = light
    return values


def _basis(many: int = 32) -> tuple[Grey, Grey]:
    """(many, SIDE) cosines, and the logarithm of each frequency's radius."""
    at = (np.arange(fingerprint.SIDE) + 0.5) / fingerprint.SIDE
    waves = np.arange(many)
    radius = np.hypot(waves[:, None], waves[None, :])
    radius[0, 0] = 1
    return np.cos(np.pi * waves[:, None] * at[None, :]).astype(np.float32), np.log(radius).astype(np.float32)


def picture(number: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """One whole made-up photo."""
    random = np.random.default_rng([number, 1])
    width, height = size
    light = np.zeros((height, width), np.float32)
    fall = random.uniform(0.8, 1.6)
    for octave in range(1, 8):
        cells = 2**octave
        grid = random.normal(size=(cells + 1, cells + 1)).astype(np.float32)
        light += np.asarray(Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)) * cells**-fall
    light = light / light.std() * random.uniform(15, 50) + random.uniform(80, 160)
    light += np.linspace(1, -1, height, dtype=np.float32)[:, None] * random.uniform(-60, 60)
    tint = random.uniform(0.8, 1.2, 3).astype(np.float32)
    made = Image.fromarray(np.clip(light[:, :, None] * tint, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(made)
    for _ in range(int(random.integers(0, 8))):
        x, y = random.uniform(0, width), random.uniform(0, height)
        a, b = random.uniform(10, width / 6), random.uniform(10, height / 6)
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x - a, y - b, x + a, y + b), fill=tuple(int(c) for c in random.integers(0, 256, 3)))
    return made


# ── what lazy hands do ───────────────────────────────────────────────────────────────────────────────────────────


def again(made: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    made.save(out, "JPEG", quality=quality)
    return Image.open(out)


def _recompressed(made: Image.Image, random: Random) -> Image.Image:
    return again(made, int(random.integers(30, 70)))


def _resized(made: Image.Image, random: Random) -> Image.Image:
    times = random.uniform(0.25, 0.9)
    return again(made.resize((round(made.width * times), round(made.height * times))), 75)


def _cropped(made: Image.Image, random: Random) -> Image.Image:
    """5 % of each side is lost, anywhere."""
    lost = np.array(made.size) * 0.05
    left, top = lost * random.uniform(0, 1, 2)
    right, bottom = left + made.width - lost[0], top + made.height - lost[1]
    return again(made.crop((round(left), round(top), round(right), round(bottom))), 80)


def _brightened(made: Image.Image, random: Random) -> Image.Image:
    return again(ImageEnhance.Brightness(made).enhance(float(random.choice([0.85, 1.15]))), 80)


def _all(made: Image.Image, random: Random) -> Image.Image:
    for change in (_cropped, _brightened, _resized):
        made = change(made, random)
    return _recompressed(made, random)


Change: TypeAlias = Callable[[Image.Image, Random], Image.Image]
CHANGES: dict[str, Change] = {
    "recompressed": _recompressed,
    "resized": _resized,
    "cropped": _cropped,
    "brightened": _brightened,
    "all_at_once": _all,
}


def _recall(search: _Search, originals: dict[int, Image.Image], change: Change) -> float:
    """Per cent of the photos that are found again."""
    found = 0
    for number, made in originals.items():
        changed = change(made, np.random.default_rng([number, 2]))
        found += number in search(fingerprint.shrunk(changed))
    return 100 * found / len(originals)


def _false(search: _Search, strangers: int) -> int:
    """Strangers that are taken for one of the million, on all cores. Their seeds lie beyond all stored ones."""

    def taken(first: int) -> int:
        return sum(bool(search(grey)) for grey in small(2**40 + first, min(CHUNK, strangers - first)))

    with ThreadPoolExecutor(os.cpu_count()) as cores:
        return sum(cores.map(taken, range(0, strangers, CHUNK)))
