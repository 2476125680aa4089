"""Small charts as SVG, without a style in them: bars beside the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: As wide as a small phone's page, so that one unit is about one pixel there; wider windows draw it larger.
WIDTH, HEIGHT = 360, 180
LEFT, BOTTOM, TOP = 44, 26, 10
#: Lines across, at round numbers.
LINES = 4
#: Months that are named below: as many as there is room for.
LABELS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """All of a month, and the part of it that is solved."""

    x: float
    width: float
    y: float
    height: float
    part_y: float
    part_height: float
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """A drawing of bars; `lines`: (y, number) of the lines across; `labels`: (x, text) below."""

    width: int
    height: int
    left: int
    base: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]


def bars(values: Sequence[tuple[str, int, int]], number: Callable[[int], str]) -> Bars:
    """(name, all, part) → bars."""
    step = nice(max((all for _, all, _ in values), default=0))
    top = step * LINES
    base, high = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    wide = (WIDTH - LEFT) / max(1, len(values))
    every = max(1, -(-len(values) // LABELS))
    return Bars(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        base=base,
        bars=tuple(
            Bar(
                x=round(LEFT + i * wide + wide * 0.12, 1),
                width=round(wide * 0.76, 1),
                y=round(base - high * all / top, 1),
                height=round(high * all / top, 1),
                part_y=round(base - high * part / top, 1),
                part_height=round(high * part / top, 1),
                label=name,
            )
            for i, (name, all, part) in enumerate(values)
        ),
        lines=tuple((round(base - high * n / LINES, 1), number(n * step)) for n in range(LINES + 1)),
        labels=tuple(
            (round(LEFT + (i + 0.5) * wide, 1), name) for i, (name, _, _) in enumerate(values) if i % every == 0
        ),
    )


def nice(most: int) -> int:
    """The step of the lines: 1, 2 or 5 times a power of ten, so that LINES of them reach `most`."""
    step = 1
    while step * LINES < most:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step
