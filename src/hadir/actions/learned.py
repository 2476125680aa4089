"""What closed reports teach about the category of a text: softmax regression on hashed words, in numpy.

A model is one array: a row for each bucket of words, a column for each category. Reading a text adds up a few rows,
some tens of microseconds. The texts cannot be read back out of it: a bucket holds many words, and their order is gone.
Sensitive reports never teach (`hadir train` leaves them out): what must stay secret is found by rules alone.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Buckets = NDArray[np.int64]

BUCKETS: Final = 1 << 14
#: Beyond so many features a text says nothing new: a pasted page must not cost more than a report.
FEATURES_MOST: Final = 200
#: A text with fewer features that the training has seen is not judged.
KNOWN_LEAST: Final = 2
_WORD = re.compile(r"[^\W\d_]{2,}")
_MAGIC = b"hadir-model 1\n"
_HASHED = 50_000


class ModelError(ValueError):
    """The file is not a model that this program can read."""


def features(text: str) -> Buckets:
    """The buckets of its words and of its pairs of neighbours, each once. Names of places are words like any other."""
    words = _WORD.findall(text.casefold())[: FEATURES_MOST // 2]
    pairs = pairwise(words)
    return np.array(sorted({*map(_bucket, words), *(_bucket(f"{a} {b}") for a, b in pairs)}), np.int64)


@lru_cache(maxsize=_HASHED)
def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS


@dataclass(frozen=True, kw_only=True)
class Model:
    """Fulfils `hadir.domain.assign.Learned`."""

    version: str
    rows: int
    rule_weight: float
    #: flattens (> 1) or sharpens what the training was too sure or too shy of
    temperature: float
    categories: tuple[str, ...]
    #: (BUCKETS + 1, categories); the last row is what each category has before a word is read
    weights: Floats
    #: how it did on reports it had not seen (see `learning.evaluate`)
    evaluation: Mapping[str, Any]

    @cached_property
    def _seen(self) -> NDArray[np.bool_]:
        """Buckets that held a word in the training."""
        return np.asarray(self.weights.any(axis=1))

    def shares(self, text: str) -> dict[str, float]:
        """Category → how likely, 0..1. Empty where next to nothing of the text was in the training: what is frequent
        is no guess about words that nobody has ever said."""
        found = features(text)
        if self._seen[found].sum() < KNOWN_LEAST:
            return {}
        # As many words as there are say no more than one: the length of a text is no evidence.
        scores = self.weights[-1] + self.weights[found].sum(axis=0) / np.sqrt(np.float32(len(found)))
        return dict(zip(self.categories, softmax(scores / self.temperature).tolist(), strict=True))

    def packed(self) -> bytes:
        """As a file: a line that says what it is, a line of JSON, the weights as float16."""
        head = {
            "version": self.version,
            "rows": self.rows,
            "rule_weight": self.rule_weight,
            "temperature": self.temperature,
            "categories": self.categories,
            "evaluation": self.evaluation,
        }
        said = json.dumps(head, ensure_ascii=False, sort_keys=True).encode()
        return _MAGIC + said + b"\n" + self.weights.astype("<f2").tobytes()


def unpacked(data: bytes) -> Model:
    """Raises ModelError. Nothing in the file is run: it is JSON and numbers."""
    if not data.startswith(_MAGIC):
        raise ModelError("not a model, or one of another format")
    said, _, numbers = data[len(_MAGIC) :].partition(b"\n")
    try:
        head = json.loads(said)
        categories = tuple(head.pop("categories"))
        weights = np.frombuffer(numbers, "<f2").astype(np.float32).reshape(BUCKETS + 1, len(categories))
        return Model(**head, categories=categories, weights=weights)
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"a broken model: {error}") from error


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    likely = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return likely / likely.sum(axis=-1, keepdims=True)


# ── training ─────────────────────────────────────────────────────────────────────────────────────────────────────

_BATCH, _EPOCHS, _STEP, _DECAY = 256, 8, 0.5, 1e-5


def trained(texts: Sequence[str], labels: Sequence[int], categories: int, *, epochs: int = _EPOCHS) -> Floats:
    """Weights that tell the labels of the texts. Deterministic. Adagrad; each batch touches only the words in it."""
    found = [np.append(features(text), BUCKETS) for text in texts]
    wanted = np.array(labels, np.int64)
    weights = np.zeros((BUCKETS + 1, categories), np.float32)
    squares = np.full_like(weights, 1e-3)
    chance = np.random.default_rng(8311)
    for _ in range(epochs):
        order = chance.permutation(len(found))
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            _step(weights, squares, [found[i] for i in rows], wanted[rows])
    return weights


def _step(weights: Floats, squares: Floats, texts: list[Buckets], labels: Buckets) -> None:
    """One batch."""
    words, places = np.unique(np.concatenate(texts), return_inverse=True)
    strength = np.concatenate([_strength(len(text)) for text in texts])
    whose = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    said = np.zeros((len(texts), len(words)), np.float32)
    said[whose, places] = strength
    wrong = softmax(said @ weights[words])
    wrong[np.arange(len(texts)), labels] -= 1.0
    slope = said.T @ wrong / np.float32(len(texts)) + np.float32(_DECAY) * weights[words]
    squares[words] += slope**2
    weights[words] -= np.float32(_STEP) * slope / np.sqrt(squares[words])


def _strength(length: int) -> Floats:
    """Of a text's words, as `Model` reads it; the last is the row before any word."""
    strength = np.full(length, 1 / np.sqrt(max(length - 1, 1)), np.float32)
    strength[-1] = 1.0
    return strength
