"""`hadir import FILE --map MAPPING` and `hadir train`: what earlier reports teach."""

import argparse
import asyncio
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hadir.cli.common import Failure, add_command, add_settings, database_of, say, settings_of
from hadir.settings import Settings

if TYPE_CHECKING:
    from hadir.actions.learned import Model
    from hadir.actions.learning import Lesson
    from hadir.domain.city import City
    from hadir.outside.mapping import FileMapping, Said, Skipped
    from hadir.storage.postgres.history import History, Past

IMPORT = (
    "Take in the reports of an earlier system, to learn from. A table (CSV or XLSX) and a mapping file that says which "
    "column is what; the rows stand in no queue and on no map, and a second run doubles nothing."
)
TRAIN = (
    "Learn categories from closed reports and imported history. It is examined first, with reports later than all it "
    "learned from; the running server takes the new model by itself, and the rules stay above it."
)
CHUNK = 1_000
#: Seconds between two lines of progress.
TELL_S = 2.0


def add(commands: Any) -> None:
    one = add_command(commands, "import", IMPORT, take_in)
    one.add_argument("file", type=Path, metavar="FILE", help="a CSV, or an XLSX whose first sheet is the table")
    one.add_argument("--map", type=Path, metavar="MAPPING", help="a TOML like those in mappings/")
    one.add_argument("--forget", action="store_true", help="take out again what came under this mapping's title")
    add_settings(one, "home", "city", "database_url")
    two = add_command(commands, "train", TRAIN, train)
    two.add_argument("--report", type=Path, metavar="FILE", help="write the examination's result as JSON")
    two.add_argument("--dry-run", action="store_true", help="examine only; the model in use stays")
    two.add_argument("--use", metavar="VERSION", help="go back to an earlier training, or «none»: the rules alone")
    two.add_argument(
        "--demo-too", action="store_true", help="learn from simulated and replayed reports, too: for trying"
    )
    add_settings(two, "home", "city", "database_url")


# ── import ───────────────────────────────────────────────────────────────────────────────────────────────────────


def take_in(args: argparse.Namespace) -> int:
    from hadir.outside.mapping import MappingError, load, read
    from hadir.storage.sheets import SheetError, rows

    if args.map is None:
        raise Failure("Name the mapping file with --map.")
    settings, city = _city(args)
    try:
        mapping = load(args.map, city.zone)
        _known(mapping, city)
        with _history(settings) as history:
            if args.forget:
                print(f"{history.forget(mapping.title):,} rows of «{mapping.title}» taken out.")
                return 0
            counts = _put(history, read(rows(args.file), mapping, None), mapping)
    except (MappingError, SheetError, OSError) as error:
        raise Failure(str(error)) from error
    print("\n".join(counts.lines()))
    return 0 if counts.taken else 1


def _known(mapping: "FileMapping", city: "City") -> None:
    """A mapping that names a category which the pack does not have would teach nothing, silently."""
    named = {*mapping.categories.values(), *filter(None, [mapping.always])}
    if strange := sorted(named - city.category_by_code.keys()):
        raise Failure(f"The mapping names categories that {city.name} does not have: {', '.join(strange)}.")


class Counts:
    """What an import did."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.read = self.new = self.changed = self.open = self.taken = 0
        #: why → (how many, the first one's line)
        self.skipped: dict[str, tuple[int, int]] = {}
        #: what the data calls it, where the mapping has no category for that
        self.unmapped: dict[str, int] = {}

    def lines(self) -> Iterator[str]:
        same = self.taken - self.new - self.changed
        yield f"«{self.title}»: {self.read:,} rows read."
        yield f"{self.new:,} new, {self.changed:,} changed, {same:,} there already."
        if self.open:
            yield f"{self.open:,} rows are still open and were left out."
        for why, (n, line) in sorted(self.skipped.items(), key=lambda item: -item[1][0]):
            yield f"{n:,} rows left out, the first in line {line}: {why}."
        if self.unmapped:
            named = sorted(self.unmapped.items(), key=lambda item: -item[1])
            shown = ", ".join(f"{label or '(empty)'} ({n:,})" for label, n in named[:10])
            yield f"{sum(self.unmapped.values()):,} rows have no category in the mapping and teach nothing: {shown}."


def _put(history: "History", said: "Iterable[Said | Skipped]", mapping: "FileMapping") -> Counts:
    counts, told = Counts(mapping.title), time.monotonic()
    each = iter(said)
    while chunk := list(islice(each, CHUNK)):
        new, changed = history.put(_pasts(chunk, mapping, counts))
        counts.new, counts.changed = counts.new + new, counts.changed + changed
        if time.monotonic() - told >= TELL_S:
            told = time.monotonic()
            say(f"{counts.read:,} rows …")
    return counts


def _pasts(chunk: "list[Said | Skipped]", mapping: "FileMapping", counts: Counts) -> "list[Past]":
    """By id, each once: two rows that are the same are one report."""
    from hadir.domain.masking import mask
    from hadir.outside.mapping import Skipped
    from hadir.storage.postgres.history import Past

    found: dict[str, Past] = {}
    for row in chunk:
        counts.read += 1
        if isinstance(row, Skipped):
            n, line = counts.skipped.get(row.why, (0, row.line))
            counts.skipped[row.why] = n + 1, line
        elif row.open:
            counts.open += 1
        else:
            if row.category is None:
                counts.unmapped[row.label] = counts.unmapped.get(row.label, 0) + 1
            id = row.command_id.removeprefix("replay-")
            found[id] = Past(
                id=id,
                source=mapping.title,
                said_at=row.said_at,
                text=mask(row.text),
                category=row.category,
                label=row.label,
            )
    counts.taken += len(found)
    return list(found.values())


# ── train ────────────────────────────────────────────────────────────────────────────────────────────────────────


def train(args: argparse.Namespace) -> int:
    from hadir.actions.learned import ModelError
    from hadir.actions.learning import TooFew, learn
    from hadir.storage import models

    settings, city = _city(args)
    if args.use is not None:
        try:
            models.use(settings.home, None if args.use == "none" else args.use)
        except ModelError as error:
            known = ", ".join(models.versions(settings.home)) or "none"
            raise Failure(f"{error}; there are: {known}.") from error
        print(f"In use from now on: {args.use}.")
        return 0
    with _history(settings) as history:
        lessons = list(_lessons(history, demo=args.demo_too))
    try:
        model = learn(lessons, city, version=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}", say=say)
    except TooFew as error:
        raise Failure(str(error)) from error
    _tell(model, city)
    if args.report is not None:
        said = {"version": model.version, "rows": model.rows, **model.evaluation}
        args.report.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if not args.dry_run:
        say(f"in use: {models.install(settings.home, model)}")
    return 0


def _lessons(history: "History", *, demo: bool) -> "Iterator[Lesson]":
    from hadir.actions.learning import ROWS_MOST, Lesson

    origins = frozenset({"live", "simulation", "replay"} if demo else {"live"})
    for at, text, category in (*history.closed(origins, ROWS_MOST), *history.imported(ROWS_MOST)):
        yield Lesson(at=at, text=text, category=category)


def _tell(model: "Model", city: "City") -> None:
    result = model.evaluation
    right, given = result["right"], result["assigned"]
    print(f"Learned from {model.rows:,} closed reports, {len(model.categories)} categories.")
    print(f"Examined with {result['examined']['rows']:,} later ones. Right:")
    print(f"  by rules alone {right['rules']:.1%}, by the model alone {right['learned']:.1%},")
    print(f"  by both {right['both']:.1%}; among the first three of both {right['among_three']:.1%}.")
    print(f"From the city's margin of {result['margin']:g} on, {given['share']:.1%} would get a category without")
    print("a person." if given["precision"] is None else f"a person, {given['precision']:.1%} of them rightly.")
    if model.rows < city.assign.least_rows:
        print(f"It is not asked before it has learned from {city.assign.least_rows:,} (the pack's least_rows).")


# ── what both need ───────────────────────────────────────────────────────────────────────────────────────────────


def _city(args: argparse.Namespace) -> "tuple[Settings, City]":
    from hadir.storage.citypack import areas_at, load_city

    settings = settings_of(args)
    own = areas_at(settings.home)
    return settings, load_city(settings.city_folder, own if own.is_file() else None)


@contextmanager
def _history(settings: Settings) -> "Iterator[History]":
    import psycopg

    from hadir.storage.postgres.history import History
    from hadir.storage.postgres.migrate import migrate

    with database_of(settings) as url:
        asyncio.run(migrate(url))
        with psycopg.connect(url, autocommit=True) as conn:
            yield History(conn)
