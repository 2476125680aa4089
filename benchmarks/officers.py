"""Many officers in a benchmark's city: accounts, positions, tokens, and a pack that knows what each of them can do."""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.seed import CITY_FOLDER, database
from hadir.compose.people import secrets_of
from hadir.domain.city import City
from hadir.domain.people import Account, Role
from hadir.domain.position import Fix
from hadir.ports.people import AccountExists
from hadir.storage.citypack import load_city
from hadir.storage.clock import SystemClock
from hadir.storage.postgres.migrate import migrate
from hadir.storage.postgres.people import PostgresPeople
from hadir.storage.postgres.pool import reading_pool
from hadir.storage.postgres.positions import PostgresPositions

AGENCIES = ("bpbd", "dpupr", "dlh")
VEHICLES = ("rescue_pickup", "pump_truck", "tree_truck")


def names(count: int) -> list[str]:
    return [f"mover-{n}" for n in range(count)]


def around(city: City, number: int) -> tuple[float, float]:
    """A place somewhere in the city, always the same for a number."""
    chance = random.Random(number)
    return city.lat + chance.uniform(-0.03, 0.03), city.lon + chance.uniform(-0.03, 0.03)


def enlist(home: Path, count: int) -> None:
    """Accounts of so many officers, each with a last position, in a home whose server is not running.

    In a process of its own: a database server wants the main thread. Its state is beside the home, as `server` is told.
    """
    subprocess.run([sys.executable, "-m", "benchmarks.officers", str(home), str(count)], check=True)


async def _enlist(url: str, city: City, count: int) -> None:
    await migrate(url)
    async with reading_pool(url) as pool:
        people = PostgresPeople(pool, SystemClock())
        for number, name in enumerate(names(count)):
            account = Account(id=name, name=f"Petugas {name}", role=Role.OFFICER, agency=AGENCIES[number % 3])
            try:
                await people.add(account, "nobody signs in with this")
            except AccountExists:
                continue
        now = datetime.now(UTC)
        places = [(name, *around(city, number)) for number, name in enumerate(names(count))]
        await PostgresPositions(pool).add(
            [Fix(unit=name, at=now, lat=lat, lon=lon, accuracy_m=10.0) for name, lat, lon in places]
        )


def tokens(home: Path, city: City, count: int) -> str:
    """A line for each officer, as `benchmarks.movers` reads them."""
    secrets, now = secrets_of(home), datetime.now(UTC)
    lines = []
    for number, name in enumerate(names(count)):
        lat, lon = around(city, number)
        lines.append(f"{name}\t{secrets.token(name, now, 1)}\t{lat:.6f}\t{lon:.6f}")
    return "\n".join(lines)


@contextmanager
def pack_with(count: int, folder: Path) -> Iterator[Path]:
    """The demo city's pack, in which each of so many officers has skills, a vehicle and hours."""
    pack = Path(shutil.copytree(CITY_FOLDER, folder / "pack"))
    crews = [
        f'\n[[crews]]\naccount = "{name}"\nskills = ["first_aid", "water_rescue"]\n'
        f'vehicle = "{VEHICLES[number % 3]}"\nshifts = ["morning", "evening", "night"]\n'
        for number, name in enumerate(names(count))
    ]
    with (pack / "dispatch.toml").open("a", encoding="utf-8") as file:
        file.writelines(crews)
    yield pack
    shutil.rmtree(pack, ignore_errors=True)


def main() -> None:
    home, count = Path(sys.argv[1]), int(sys.argv[2])
    with database(home) as url:
        asyncio.run(_enlist(url, load_city(CITY_FOLDER), count))


if __name__ == "__main__":
    main()
