"""outbox.three_days: 500 commands and 50 photos that waited three days for a signal, beside the same ones sent at once.

Two officers of one agency have twin jobs. One sends as he works; the other's phone hears nothing until he has pressed
everything, by a clock three days back. Afterwards the server must show the same of both, photos included. The limits
per person hold here as anywhere: the phone is told to wait, and waits.
"""

from __future__ import annotations

import time
from itertools import pairwise

from benchmarks.officers import enlist, names
from benchmarks.outbox_jobs import Desk, applied, hour, phones, picture, wrong
from benchmarks.rows import Row, row
from benchmarks.running import home_folder, server

#: with a note or a state beside each: 500 commands
TASKS = 100
PHOTOS_EVERY = 2
SIDE = 330
AGO_S = 3 * 86_400


async def run(tasks: int = TASKS) -> list[Row]:
    with home_folder() as home:
        enlist(home, 4)
        # Every third officer is of the same agency.
        always, away = names(4)[0], names(4)[3]
        with server(home, "--demo") as hadir:
            desk = Desk(hadir=hadir)
            hours = [
                hour(desk, who, "bpbd", tasks, seed=7, side=SIDE, photos_every=PHOTOS_EVERY, ago_s=ago)
                for who, ago in ((always, 0), (away, AGO_S))
            ]
            began = time.perf_counter()
            working = [
                {"account": o.account, "token": desk.token(o.account), "jobs": o.jobs, "signal_after": after}
                for o, after in zip(hours, (0, len(hours[1].jobs)), strict=True)
            ]
            said = await phones({"url": hadir.url, "officers": working})
            took = time.perf_counter() - began
            board = desk.board("operator")
            pictures = [_without_names(picture(board, each.tasks)) for each in hours]
            differs = wrong(board, hours) + sum(a != b for a, b in zip(*pictures, strict=True))
        lost, doubled = applied(home, hours)
    order = _out_of_order(said[away]["outcomes"], [job["id"] for job in hours[1].jobs])
    refused = sum(len(each["refused"]) for each in said.values())
    commands, photos = len(hours[1].jobs), sum(len(job["photos"]) for job in hours[1].jobs)
    return [
        row(
            "outbox.three_days", [differs], "tasks that differ", most=0, against=f"{commands} commands, {photos} photos"
        ),
        row("outbox.three_days.lost", [lost], "commands", most=0),
        row("outbox.three_days.doubled", [doubled], "facts", most=0),
        row("outbox.three_days.refused", [refused], "commands", most=0),
        row("outbox.three_days.order", [order], "out of order", most=0),
        row("outbox.three_days.drained", [took], "s"),
    ]


def _without_names(rows: list[dict]) -> list[dict]:
    """The two officers differ in nothing but who they are."""
    return [{key: value for key, value in each.items() if key != "officer"} for each in rows]


def _out_of_order(outcomes: dict[str, dict], pressed: list[str]) -> int:
    """Commands whose fact stands before the one of the press before."""
    positions = [outcomes[id]["position"] for id in pressed]
    return sum(later <= earlier for earlier, later in pairwise(positions))
