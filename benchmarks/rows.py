"""One measured row, as results/latest.json holds it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]

#: A load client busier than this (share of its time on a core) measures itself.
CLIENT_MOST = 0.8


def kept_up(client: float) -> bool:
    """Whether a load client, busy for this share of the time, was quick enough to judge by."""
    return client <= CLIENT_MOST


def row(
    name: str,
    values: Sequence[float],
    unit: str,
    *,
    least: float | None = None,
    most: float | None = None,
    against: str | None = None,
) -> Row:
    """The median of `values` with its spread, and whether it keeps to `least` or `most`."""
    value = statistics.median(values)
    ok = (least is None or value >= least) and (most is None or value <= most)
    must = f"≥ {least:g}" if least is not None else f"≤ {most:g}" if most is not None else None
    spread = [round(min(values), 3), round(max(values), 3)]
    head = {"name": name, "value": round(value, 3), "unit": unit, "must": must, "ok": ok}
    return head | {"against": against, "n": len(values), "spread": spread}


def unmeasured(name: str) -> Row:
    """A number whose measurement broke off; why stands above the table."""
    return {"name": name, "value": None, "unit": "not measured", "must": None, "ok": False, "against": None} | {
        "n": 0,
        "spread": [],
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of them lie; the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
