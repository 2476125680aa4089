"""Run the benchmarks: `python -m benchmarks [--only name,name]`. Writes results/latest.json and prints the same."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import platform
import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import Row, unmeasured

#: name of the number → module that measures it; one module may give several rows
MODULES = {
    "journal.append": "journal_append",
    "views.rebuild": "views_rebuild",
    "board.million": "board_million",
    "start.warm": "start_warm",
    "intake.vs_drf": "intake_vs_drf",
    "open311.vs_drf": "open311_vs_drf",
    "intake.burst": "intake_burst",
    "live.latency": "live_latency",
    "live.fanout_10k": "live_fanout",
    "order.latency": "order_latency",
    "positions.1000": "positions_1000",
    "map.public_million": "map_public",
    "dispatch.200": "dispatch_200",
    "evidence.search": "evidence_search",
    "triage.one": "triage_one",
    "duplicates.million": "triage_one",
    "page.citizen": "pages",
    "page.citizen_64k": "page_citizen_64k",
    "page.leader": "pages",
    "page.officer": "page_officer",
    "outbox.chaos": "outbox_chaos",
    "outbox.three_days": "outbox_three_days",
}
RESULT = Path(__file__).parent / "results" / "latest.json"


def main() -> int:
    wanted = _wanted()
    rows: list[Row] = []
    for module in dict.fromkeys(MODULES[name] for name in wanted):
        rows += _measure(module)
        # After each: what is measured stays, whatever becomes of the rest.
        _keep(rows)
    _print(rows)
    return 0 if all(row["ok"] for row in rows) else 1


def _keep(rows: list[Row]) -> None:
    result = {"commit": _commit(), "machine": _machine(), "at": datetime.now(UTC).isoformat(), "rows": rows}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _wanted() -> list[str]:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure Hadir beside its peers and limits.")
    parser.add_argument("--only", default="", help=f"names, with commas: {', '.join(MODULES)}")
    names = [name.strip() for name in parser.parse_args().only.split(",") if name.strip()] or list(MODULES)
    if unknown := [name for name in names if name not in MODULES]:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(MODULES)}")
    # In the order above: what comes later may leave more in the great home than it found.
    return [name for name in MODULES if name in names]


def _measure(module: str) -> list[Row]:
    print(f"bench: {module} …", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        rows: list[Row] = asyncio.run(importlib.import_module(f"benchmarks.{module}").run())
    except Exception:  # noqa: BLE001 the fence: one that cannot be measured does not take the others with it
        traceback.print_exc()
        rows = [unmeasured(name) for name in MODULES if MODULES[name] == module]
    print(f"bench: {module} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return rows


def _commit() -> str:
    said = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _print(rows: list[Row]) -> None:
    print(f"\n{'name':34} {'value':>12} {'unit':16} {'must':>10}  ok   n  spread")
    for r in rows:
        spread = " … ".join(f"{end:g}" for end in r["spread"])
        value = "–" if r["value"] is None else f"{r['value']:g}"
        mark = "yes" if r["ok"] else "NO"
        print(f"{r['name']:34} {value:>12} {r['unit']:16} {r['must'] or '':>10}  {mark:3} {r['n']:>2}  {spread}")


if __name__ == "__main__":
    sys.exit(main())
