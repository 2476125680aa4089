"""What no type can say of a pack's dispatch.toml: codes that name nothing, numbers that cannot be."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

from hadir.domain.city import City
from hadir.domain.fleet import DAY_MIN, Fleet, Rules

FILE = "dispatch.toml"


def sorted_rules(table: dict[str, Any]) -> dict[str, Any]:
    """The sets of numbers by the day from which they hold."""
    rest = {key: value for key, value in table.items() if key != "rules"}
    rules = sorted(table.get("rules", []), key=lambda each: str(each.get("since")))
    return rest | {"rules": rules} if rules else rest


def fleet_problems(city: City) -> Iterator[str]:
    """One sentence for each mistake."""
    fleet = city.fleet
    yield from _doubles(fleet)
    yield from _references(city, fleet)
    for shift in fleet.shifts:
        if not (0 <= shift.begins < DAY_MIN and 0 <= shift.ends <= DAY_MIN) or shift.begins == shift.ends:
            yield f"{FILE}: shift {shift.code}: begins and ends are two different minutes of a day, 0 to {DAY_MIN}"
    for speed in fleet.speeds:
        if speed.kmh <= 0:
            yield f"{FILE}: speed {speed.code}.kmh: must be more than nothing"
    for rules in fleet.rules:
        yield from _numbers(rules)


def _doubles(fleet: Fleet) -> Iterator[str]:
    named = [*fleet.skills, *fleet.equipment, *fleet.speeds, *fleet.vehicles, *fleet.shifts]
    for what, codes in (
        ("code", [thing.code for thing in named]),
        ("crew", [crew.account for crew in fleet.crews]),
        ("need", [need.category for need in fleet.needs]),
    ):
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield f"{FILE}: {what} {code} is there twice"


def _references(city: City, fleet: Fleet) -> Iterator[str]:
    skills, equipment = {s.code for s in fleet.skills}, {e.code for e in fleet.equipment}
    for vehicle in fleet.vehicles:
        yield from _known(f"vehicle {vehicle.code}.agency", [vehicle.agency], city.agency_by_code)
        yield from _known(f"vehicle {vehicle.code}.speed", [vehicle.speed], fleet.speed_by_code)
        yield from _known(f"vehicle {vehicle.code}.equipment", vehicle.equipment, equipment)
    for crew in fleet.crews:
        at = f"crew {crew.account}"
        yield from _known(f"{at}.skills", crew.skills, skills)
        yield from _known(f"{at}.equipment", crew.equipment, equipment)
        yield from _known(f"{at}.vehicle", [crew.vehicle] if crew.vehicle else [], fleet.vehicle_by_code)
        yield from _known(f"{at}.shifts", crew.shifts, fleet.shift_by_code)
    for need in fleet.needs:
        yield from _known("need.category", [need.category], city.category_by_code)
        yield from _known(f"need {need.category}.skills", need.skills, skills)
        yield from _known(f"need {need.category}.equipment", need.equipment, equipment)
    yield from _known("default_speed", filter(None, [fleet.default_speed]), fleet.speed_by_code)
    for name in ("emergency_status", "conditional_status"):
        yield from _known(name, filter(None, [getattr(fleet, name)]), city.status_by_key)


def _known(where: str, codes: Iterable[str], known: Container[str]) -> Iterator[str]:
    return (f"{FILE}: {where}: {code} is not known" for code in codes if code not in known)


def _numbers(rules: Rules) -> Iterator[str]:
    at = f"{FILE}: rules of {rules.since}"
    costs = ("unknown_min", "skill_min", "equipment_min", "other_agency_min", "off_shift_min", "on_call_min")
    for name in (*costs, "conditional_min", "rest_min", "tired_share", "depart_m", "check_in_grace_min"):
        if getattr(rules, name) < 0:
            yield f"{at}: {name} cannot be negative"
    for name in ("stale_s", "late_s", "kept_days", "check_in_min", "arrive_m", "accuracy_most_m"):
        if getattr(rules, name) <= 0:
            yield f"{at}: {name} must be more than nothing"
