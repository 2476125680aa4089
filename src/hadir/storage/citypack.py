"""Reads a city pack: a folder of TOML and GeoJSON files → one `domain.city.City`.

The files mirror the dataclasses of `domain.city` field by field, so the types there are the schema: an unknown key, a
missing one or a wrong type is refused with the file and the key («categories.toml: category[3].urgency …»). What no
type can say (a category naming an agency that does not exist) is checked afterwards, all of it, and told at once.
"""

from __future__ import annotations

import difflib
import json
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hadir.domain import city as c
from hadir.domain.triage import SIGNS
from hadir.storage.fleetcheck import fleet_problems, sorted_rules

#: Every TOML file of a pack; each may be read with a comment in hand (docs/city-pack.md).
FILES = ("city", "agencies", "categories", "words", "rules", "calendar", "orders", "people", "places", "desk")
AREAS = "areas.geojson"
#: A pack may come without it: then dispatch knows distances and states only.
FLEET = "dispatch"
#: Without it the program's own numbers hold.
ABUSE = "abuse"
#: The same of when a category is given without a person.
TRIAGE = "triage"


class PackError(ValueError):
    """The city pack cannot be used; the message names the file, the key and what is wrong."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def areas_at(home: Path) -> Path:
    """Where the city's own borders lie (`hadir city areas FILE`); they replace the pack's."""
    return home / "city" / AREAS


def load_city(folder: Path, areas: Path | None = None) -> c.City:
    """The pack in `folder`; `areas` names a file of borders to use instead of the pack's. Raises PackError."""
    raw = {name: _toml(folder / f"{name}.toml") for name in FILES}
    raw["orders"].get("order_rules", []).sort(key=lambda rules: str(rules.get("since")))
    sets = _clock_sets(raw["categories"])
    for category in raw["categories"].get("categories", []):
        category["clocks"] = _clocks(category, sets)
    area_list, credit = read_areas(areas or folder / AREAS)
    data: dict[str, Any] = {"areas": area_list, "areas_source": credit}
    where: dict[str, str] = {"fleet": f"{FLEET}.toml"}
    if (folder / f"{FLEET}.toml").exists():
        data["fleet"] = sorted_rules(_toml(folder / f"{FLEET}.toml"))
    if (folder / f"{ABUSE}.toml").exists():
        data["abuse"], where["abuse"] = _toml(folder / f"{ABUSE}.toml"), f"{ABUSE}.toml"
    if (folder / f"{TRIAGE}.toml").exists():
        raw[TRIAGE] = _toml(folder / f"{TRIAGE}.toml")
    for name, table in raw.items():
        for key, value in table.items():
            if key in data:
                raise PackError(f"{name}.toml: {key} is already given by {where.get(key, AREAS)}")
            data[key], where[key] = value, f"{name}.toml"
    city = _build(c.City, data, "", where)
    _check(city)
    return city


def read_areas(path: Path) -> tuple[tuple[c.Area, ...], c.Label]:
    """The areas of a GeoJSON in the pack's own form (see docs/city-pack.md), and where they come from."""
    try:
        doc = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{path.name}: {error}") from error
    found = tuple(_area(f, f"{path.name}: features[{i}]") for i, f in enumerate(doc.get("features", [])))
    if not found:
        raise PackError(f"{path.name}: no features; a city needs at least one area")
    return found, _build(c.Label, doc.get("source", {"id": "", "en": ""}), f"{path.name}: source", {})


def _area(feature: dict[str, Any], where: str) -> c.Area:
    geometry: dict[str, Any] = feature.get("geometry") or {}
    properties = dict(feature.get("properties") or {})
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or ()
    if kind not in ("Polygon", "MultiPolygon"):
        raise PackError(f"{where}.geometry: {kind} is neither Polygon nor MultiPolygon")
    try:
        parts = [coordinates] if kind == "Polygon" else coordinates
        properties["polygons"] = tuple(
            tuple(tuple((float(p[0]), float(p[1])) for p in ring) for ring in part) for part in parts
        )
    except (TypeError, ValueError, IndexError) as error:
        raise PackError(f"{where}.geometry.coordinates: {error}") from error
    return _build(c.Area, properties, f"{where}.properties", {})


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackError(f"{path.name}: missing from the city pack {path.parent}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"{path.name}: {error}") from error


def _clock_sets(table: dict[str, Any]) -> dict[str, list[Any]]:
    """`[[clock_sets.NAME]]`: deadlines that many categories share."""
    return typing.cast("dict[str, list[Any]]", table.pop("clock_sets", {}))


def _clocks(category: dict[str, Any], sets: dict[str, list[Any]]) -> list[Any]:
    named = category.get("clocks", [])
    if not isinstance(named, str):
        return typing.cast("list[Any]", named)
    if named not in sets:
        raise PackError(f"categories.toml: {category.get('code')}.clocks: there is no clock_sets.{named}")
    return sorted(sets[named], key=lambda clocks: str(clocks.get("since")))


# ── values from tables, by the types of domain.city ──────────────────────────────────────────────────────────────


def _build(cls: type[Any], data: Any, path: str, files: dict[str, str]) -> Any:
    """One dataclass from one table. `files`: which file each top-level key came from, for the message."""
    if not isinstance(data, dict):
        raise PackError(f"{path}: expected a table with {', '.join(f.name for f in fields(cls))}, found {data!r}")
    hints = typing.get_type_hints(cls)
    names = {f.name: f for f in fields(cls)}
    for key in data:
        if key not in names:
            near = difflib.get_close_matches(str(key), names, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise PackError(f"{_at(path, str(key), files)}: unknown key{hint}")
    values = {}
    for name, spec in names.items():
        if name in data:
            values[name] = _value(hints[name], data[name], _at(path, name, files))
        elif spec.default is MISSING and spec.default_factory is MISSING:
            raise PackError(f"{_at(path, name, files)}: missing")
    return cls(**values)


def _at(path: str, key: str, files: dict[str, str]) -> str:
    if path:
        return f"{path}.{key}"
    return f"{files[key]}: {key}" if key in files else f"city pack: {key}"


def _value(hint: Any, data: Any, path: str) -> Any:
    """`data` as the type `hint` asks; int is taken where a float is asked, nothing else is bent."""
    if isinstance(hint, types.UnionType):
        options = [h for h in typing.get_args(hint) if h is not type(None)]
        return None if data is None else _value(options[0], data, path)
    if typing.get_origin(hint) is tuple:
        return _tuple(typing.get_args(hint), data, path)
    if is_dataclass(hint):
        built_already = isinstance(data, typing.cast("type[Any]", hint))
        return data if built_already else _build(typing.cast("type[Any]", hint), data, path, {})
    if hint is float and type(data) is int:
        return float(data)
    if type(data) is not hint:
        raise PackError(f"{path}: expected {_name(hint)}, found {data!r}")
    return data


def _tuple(args: tuple[Any, ...], data: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        raise PackError(f"{path}: expected a list, found {data!r}")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_value(args[0], item, f"{path}[{i}]") for i, item in enumerate(data))
    if len(args) != len(data):
        raise PackError(f"{path}: expected {len(args)} values, found {len(data)}")
    return tuple(_value(arg, item, f"{path}[{i}]") for i, (arg, item) in enumerate(zip(args, data, strict=True)))


def _name(hint: Any) -> str:
    return {
        str: "words in quotes",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        date: "a date",
    }.get(hint, str(hint))


# ── what no type can say ─────────────────────────────────────────────────────────────────────────────────────────


def _check(city: c.City) -> None:
    problems = [*_doubles(city), *_references(city), *_numbers(city), *fleet_problems(city)]
    if problems:
        raise PackError(*problems)


def _doubles(city: c.City) -> Iterator[str]:
    for what, codes in (
        ("agencies.toml: agencies", [a.code for a in city.agencies]),
        ("categories.toml: categories", [x.code for x in city.categories]),
        ("orders.toml: actions", [a.code for a in city.actions]),
        ("orders.toml: templates", [t.code for t in city.templates]),
        ("people.toml: people", [p.account for p in city.people]),
        ("desk.toml: dispositions", [d.code for d in city.dispositions]),
        ("desk.toml: statuses", [s.key for s in city.statuses]),
        (AREAS, [a.code for a in city.areas]),
    ):
        seen: set[str] = set()
        for code in codes:
            if code in seen:
                yield f"{what}: {code} is there twice"
            seen.add(code)


def _references(city: c.City) -> Iterator[str]:
    groups = {g.code for g in city.groups}
    areas = {a.code for a in city.areas}
    for x in city.categories:
        at = f"categories.toml: {x.code}"
        yield from _known(f"{at}.agency", [x.agency], city.agency_by_code)
        yield from _known(f"{at}.group", [x.group], groups)
        yield from _known(f"{at}.actions", x.actions, city.action_by_code)
    yield from _known("city.toml: outside_agency", filter(None, [city.outside_agency]), city.agency_by_code)
    for a in city.actions:
        yield from _known(f"orders.toml: {a.code}.near", a.near, city.action_by_code)
    for t in city.templates:
        yield from _known(f"orders.toml: {t.code}.action", [t.action], city.action_by_code)
        yield from _known(f"orders.toml: {t.code}.categories", t.categories, city.category_by_code)
    for m in city.mandates:
        yield from _known(f"orders.toml: mandate of {m.holder}.categories", m.categories, city.category_by_code)
        yield from _known(f"orders.toml: mandate of {m.holder}.agencies", m.agencies, city.agency_by_code)
    for p in city.people:
        yield from _known(f"people.toml: {p.account}.agency", [p.agency] if p.agency else [], city.agency_by_code)
    for m in city.landmarks:
        yield from _known(f"places.toml: {m.name}.areas", m.areas, areas)
    rules = city.triage
    yield from _known("words.toml: triage.categories", {t.code for t in rules.categories}, city.category_by_code)
    yield from _known("words.toml: triage.signs", {t.code for t in rules.signs}, SIGNS)
    yield from _known("words.toml: triage.signs.groups", {g for t in rules.signs for g in t.groups}, groups)
    yield from _known("words.toml: triage.depth_category", [rules.depth_category], city.category_by_code)
    yield from _known("words.toml: triage.fallback", [rules.fallback], city.category_by_code)


def _known(where: str, codes: Iterable[str], known: typing.Container[str]) -> Iterator[str]:
    return (f"{where}: {code} is not known" for code in codes if code not in known)


def _numbers(city: c.City) -> Iterator[str]:
    for x in city.categories:
        if not 1 <= x.urgency <= 4:
            yield f"categories.toml: {x.code}.urgency: {x.urgency} is not 1, 2, 3 or 4"
        if not 0 <= x.blur_m <= 2000:
            yield f"categories.toml: {x.code}.blur_m: {x.blur_m} is not between 0 and 2000 metres"
        if x.photos not in ("review", "never"):
            yield f"categories.toml: {x.code}.photos: «{x.photos}» is neither review nor never"
        for clocks in x.clocks:
            if clocks.calendar not in ("real", "working"):
                yield f"categories.toml: {x.code}.clocks.calendar: «{clocks.calendar}» is neither real nor working"
    yield from _order_numbers(city)
    yield from _notices(city)
    for each in fields(city.privacy):
        if getattr(city.privacy, each.name) < 1:
            yield f"rules.toml: privacy.{each.name}: at least 1"
    if not 0 < city.assign.margin < 1:
        yield f"triage.toml: assign.margin: {city.assign.margin} is not between 0 and 1"
    s = city.similar
    if abs(s.distance + s.time + s.kind + s.text - 1) > 1e-6:
        yield "rules.toml: similar: the weights distance, time, kind and text must sum to 1"
    if not (-90 <= city.lat <= 90 and -180 <= city.lon <= 180):
        yield "city.toml: lat, lon: not a place on the earth"
    try:
        ZoneInfo(city.zone)
    except (KeyError, ValueError, OSError):
        yield f"city.toml: zone: «{city.zone}» is not a time zone"


def _order_numbers(city: c.City) -> Iterator[str]:
    if not city.order_rules:
        yield "orders.toml: order_rules: at least one is needed"
    for rules in city.order_rules:
        seconds = (rules.delivered_on_duty_s, rules.delivered_s, rules.seen_s, rules.read_back_s, rules.duty_heard_s)
        if min(seconds) < 1:
            yield f"orders.toml: order_rules of {rules.since}: a step cannot take less than a second"
    for t in city.templates:
        if not 1 <= t.within_min <= 7 * 24 * 60:
            yield f"orders.toml: {t.code}.within_min: {t.within_min} is not within a minute and a week"
    for m in city.mandates:
        if m.until is not None and m.until < m.since:
            yield f"orders.toml: mandate of {m.holder}: it ends before it begins"


def _notices(city: c.City) -> Iterator[str]:
    rules = city.notices
    try:
        rules.quiet()
    except ValueError:
        yield f"desk.toml: notices: quiet_from, quiet_until: «{rules.quiet_from}», «{rules.quiet_until}» are not times"
    yield from _known("desk.toml: notices.channels", rules.channels, {"whatsapp", "sms", "email"})
    if rules.patience_s < 1:
        yield "desk.toml: notices.patience_s: nobody answers in less than a second"
    if not rules.country_code.isdigit():
        yield f"desk.toml: notices.country_code: «{rules.country_code}» is not a number"
