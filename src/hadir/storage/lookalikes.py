"""Fingerprints in memory: which of a million lie within a few bits of one? 40 bytes a photo, 40 MB a million.

Two passes. The first word of every fingerprint (the lowest frequencies) is compared with the first word of the two
plain probes, straight and mirrored; that leaves one in a thousand. Those are compared with all probes in full. Blocks
of 65,536 fit into the processor's cache, and growing never copies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hadir.ports.evidence import PRINT_BYTES

Words = NDArray[np.uint64]

BLOCK: Final = 65_536
# Of 64 bits: measured, a photo that lost 5 % of both sides differs in 14 at p95 and 19 at most; 1 in 700 strangers do.
ROUGH_MOST: Final = 19
# Of 256 bits, with the best window. Up to `ports.evidence.SURE_BITS` it is the same photo; up to here it may be one
# that was painted over in a part (68 at p50), among some tens of a million strangers: whoever asks looks at both.
BITS_MOST: Final = 72


def words_of(prints: bytes) -> Words:
    """Fingerprints one after the other → (n, 4)."""
    return np.frombuffer(prints, dtype="<u8").reshape(-1, PRINT_BYTES // 8).astype(np.uint64)


class Lookalikes:
    """Rows are numbered by their owner; a number is given once, in rising order."""

    def __init__(self) -> None:
        self._words: list[NDArray[np.uint64]] = []
        self._numbers: list[NDArray[np.int64]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def newest(self) -> int:
        """The last row's number; 0 without rows."""
        if not self._count:
            return 0
        return int(self._numbers[-1][(self._count - 1) % BLOCK])

    def add(self, given: Sequence[int], prints: bytes) -> None:
        """Numbers, and their fingerprints one after the other."""
        numbers, words = np.array(given, np.int64), words_of(prints)
        while len(numbers):
            at = self._count % BLOCK
            if at == 0:
                self._words.append(np.empty((words.shape[1], BLOCK), np.uint64))
                self._numbers.append(np.empty(BLOCK, np.int64))
            taken = min(BLOCK - at, len(numbers))
            self._words[-1][:, at : at + taken] = words[:taken].T
            self._numbers[-1][at : at + taken] = numbers[:taken]
            self._count += taken
            numbers, words = numbers[taken:], words[taken:]

    def near(self, asked: bytes, most: int) -> list[tuple[int, int, int]]:
        """(row's number, differing bits, probe) of rows within BITS_MOST, the nearest first.

        The first probe and the one in the middle are the plain ones: as it is, and mirrored.
        """
        probes = words_of(asked)
        found: list[tuple[int, int, int]] = []
        for index in range(len(self._words)):
            filled = min(BLOCK, self._count - index * BLOCK)
            found += self._near_in(index, filled, probes)
        return sorted(found, key=lambda each: each[1])[:most]

    def _near_in(self, index: int, filled: int, probes: Words) -> list[tuple[int, int, int]]:
        words = self._words[index][:, :filled]
        rough = np.minimum(
            np.bitwise_count(words[0] ^ probes[0, 0]), np.bitwise_count(words[0] ^ probes[len(probes) // 2, 0])
        )
        rows = np.flatnonzero(rough <= ROUGH_MOST)
        if not len(rows):
            return []
        # (probes, rows) differing bits, one word after the other: the whole (probes, rows, 4) would not fit the cache
        bits = np.zeros((len(probes), len(rows)), np.uint16)
        for word in range(words.shape[0]):
            bits += np.bitwise_count(probes[:, word, None] ^ words[word, rows][None, :])
        best = bits.argmin(axis=0)
        least = bits[best, np.arange(len(rows))]
        return [
            (int(self._numbers[index][rows[i]]), int(least[i]), int(best[i]))
            for i in np.flatnonzero(least <= BITS_MOST)
        ]
