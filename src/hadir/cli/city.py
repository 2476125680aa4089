"""`hadir city …`: a look at a city pack, and the city's official borders."""

import argparse
from pathlib import Path
from typing import Any

from hadir.cli.common import Failure, add_command, add_settings, say, settings_of

WORDS = "Check a city pack, or put the city's official borders in. The running program takes them at its next start."


def add(commands: Any) -> None:
    parser = add_command(commands, "city", WORDS, check)
    verbs = parser.add_subparsers(metavar="WHAT", required=True)
    one = verbs.add_parser("check", help="read a pack and say what is in it, or what is wrong")
    add_settings(one, "home", "city")
    one.set_defaults(command=check)
    two = verbs.add_parser(
        "areas",
        help="official borders from a GeoJSON file",
        description="Official borders from a GeoJSON file, WGS84. Slivers and overlaps between neighbours are mended.",
    )
    two.add_argument("file", type=Path, metavar="FILE", help="a FeatureCollection with one feature for each area")
    add_settings(two, "home", "city")
    two.set_defaults(command=areas)


def check(args: argparse.Namespace) -> None:
    from hadir.storage.citypack import PackError, areas_at, load_city

    settings = settings_of(args)
    own = areas_at(settings.home)
    try:
        city = load_city(settings.city_folder, own if own.is_file() else None)
    except (PackError, OSError) as error:
        raise Failure(f"{settings.city_folder}: {error}") from error
    rough = sum(area.approximate for area in city.areas)
    print(f"{settings.city_folder}: {len(city.areas)} areas, {rough} of them with approximate borders,")
    print(f"{len(city.agencies)} agencies, {len(city.categories)} categories, {len(city.people)} people of the demo.")


def areas(args: argparse.Namespace) -> None:
    from hadir.storage.area_import import import_areas
    from hadir.storage.citypack import PackError, load_city

    settings = settings_of(args)
    say(f"fitting the borders in {args.file} together …")
    try:
        done = import_areas(args.file, settings.home, load_city(settings.city_folder))
    except (PackError, OSError) as error:
        raise Failure(str(error)) from error
    print(f"{done.areas} areas, found by «{done.by}», in {done.file}.")
    print(f"{done.slivers} slivers filled, {done.overlaps} overlaps settled, {done.ignored} other features left out.")
    print("Start Hadir again to use them.")
