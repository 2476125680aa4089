"""A simulated hour as a list of moments: who says or does what, when and where. Pure; the same seed, the same hour.

The file is the city pack's simulation.toml. Everything in it is made up; docs/simulator.md explains its keys.
"""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METRES_PER_DEGREE = 111_320.0
# How a citizen gives the place: most phones know where they are, some people only name the kelurahan, some say nothing.
HOW = (("gps", 60), ("tap", 15), ("list", 17), ("words", 8))
# GPS under a roof in the rain.
ACCURACY_M = (8, 65)
# A patrol tells where it is so often, and goes so far between: a motorcycle looking around.
PATROL_EVERY_MIN, PATROL_STEP_M = 0.25, 60.0


class ScenarioError(ValueError):
    """The scenario cannot be played; the message names the key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A citizen says something."""

    minute: float
    #: who: independent reporters have different names
    who: str
    text: str
    place: Mapping[str, Any]
    photo: bool
    scene: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Staff does one step of the work on a scene."""

    minute: float
    scene: str
    #: open, join, assign, accept, depart, arrive, finish
    step: str
    account: str
    details: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """An officer's phone says where it is."""

    minute: float
    account: str
    lat: float
    lon: float


Moment = Report | Work | Position


def load(path: Path) -> dict[str, Any]:
    """The file's tables. Raises ScenarioError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path}: {error}") from error


def moments(scenario: Mapping[str, Any], seed: int) -> list[Moment]:
    """All moments of the hour in order. Raises ScenarioError."""
    try:
        found = [
            *_scenes(scenario, seed),
            *_background(scenario, random.Random(f"{seed}/background")),
            *_work(scenario),
            *_patrols(scenario, seed),
        ]
    except (KeyError, TypeError) as error:
        raise ScenarioError(f"simulation.toml: {error} is missing or of a wrong kind") from error
    return sorted(found, key=lambda moment: moment.minute)


def _scenes(scenario: Mapping[str, Any], seed: int) -> Iterator[Report]:
    for scene in scenario["scenes"]:
        chance = random.Random(f"{seed}/{scene['name']}")
        for n, minute in enumerate(_times(chance, scene["from"], scene["to"], scene["reports"])):
            # Texts get worse as the water rises: the n-th comes from around its part of the list.
            part = n / max(1, scene["reports"] - 1) * (len(scene["texts"]) - 1)
            nth = min(len(scene["texts"]) - 1, max(0, round(part + chance.uniform(-1.5, 1.5))))
            rt, rw = chance.choice(scene["rt"]), chance.choice(scene["rw"])
            yield Report(
                minute=minute,
                who=f"{scene['name']}/{n}",
                text=scene["texts"][nth].format(rt=rt, rw=rw, n=chance.randint(3, 30)),
                place=_place(chance, scene, rt, rw),
                photo=chance.randrange(100) < scene["photos"],
                scene=scene["name"],
            )


def _times(chance: random.Random, start: float, end: float, count: int) -> list[float]:
    """The first at once, then more often early than late: that is how people tell of a flood."""
    return sorted([start, *(start + (end - start) * chance.random() ** 1.6 for _ in range(count - 1))])


def _place(chance: random.Random, scene: Mapping[str, Any], rt: int, rw: int) -> dict[str, Any]:
    how = chance.choices([h for h, _ in HOW], weights=[w for _, w in HOW])[0]
    if how in ("gps", "tap"):
        lat, lon = _near(chance, scene["lat"], scene["lon"], scene["spread_m"])
        accuracy = {"accuracy_m": chance.randint(*ACCURACY_M)} if how == "gps" else {}
        return {"how": how, "lat": lat, "lon": lon, **accuracy}
    return {"how": how, "area": scene["area"], "rt": rt, "rw": rw} if how == "list" else {"how": "words"}


def _near(chance: random.Random, lat: float, lon: float, metres: float) -> tuple[float, float]:
    """A point around another; most stand closer than the spread."""
    away, turn = abs(chance.gauss(0, metres / 2)), chance.uniform(0, 2 * math.pi)
    return _moved(lat, lon, away, turn)


def _moved(lat: float, lon: float, metres: float, turn: float) -> tuple[float, float]:
    up, right = metres * math.cos(turn), metres * math.sin(turn)
    squeeze = math.cos(math.radians(lat))
    return round(lat + up / METRES_PER_DEGREE, 6), round(lon + right / METRES_PER_DEGREE / squeeze, 6)


def _background(scenario: Mapping[str, Any], chance: random.Random) -> Iterator[Report]:
    """Ordinary reports, spread over the places that the scenario knows."""
    day = scenario["background"]
    places = [(s["lat"], s["lon"]) for s in (*scenario["scenes"], *scenario.get("patrols", ()))]
    minute, n = 0.4, 0
    while minute < scenario["minutes"]:
        lat, lon = _near(chance, *chance.choice(places), 700)
        yield Report(
            minute=minute,
            who=f"background/{n}",
            text=chance.choice(day["texts"]),
            place={"how": "gps", "lat": lat, "lon": lon, "accuracy_m": chance.randint(*ACCURACY_M)},
            photo=chance.randrange(100) < day["photos"],
        )
        n += 1
        minute += chance.expovariate(1 / day["every_min"])


def _work(scenario: Mapping[str, Any]) -> Iterator[Work]:
    for scene in scenario["scenes"]:
        work = scene.get("work")
        if work is None:
            continue

        def step(name: str, minute: float, who: str, scene: Any = scene, work: Any = work) -> Work:
            return Work(minute=minute, scene=scene["name"], step=name, account=who, details=work)

        yield step("open", work["open_at"], work["operator"])
        yield step("assign", work["assign_at"], work["desk"])
        yield step("accept", work["assign_at"] + 0.5, work["officer"])
        yield step("depart", work["depart_at"], work["officer"])
        yield step("arrive", work["arrive_at"], work["officer"])
        if "finish_at" in work:
            yield step("finish", work["finish_at"], work["officer"])
        joined = work["open_at"] + 1.0
        while joined < min(scene["to"] + 2, scenario["minutes"]):
            yield step("join", joined, work["operator"])
            joined += 1.5


def _patrols(scenario: Mapping[str, Any], seed: int) -> Iterator[Position]:
    for patrol in scenario.get("patrols", ()):
        chance = random.Random(f"{seed}/{patrol['account']}")
        sent = _sent(scenario, patrol["account"])
        lat, lon, minute = patrol["lat"], patrol["lon"], chance.random() * PATROL_EVERY_MIN
        while minute < scenario["minutes"]:
            yield Position(minute=minute, account=patrol["account"], lat=lat, lon=lon)
            lat, lon = _next(chance, lat, lon, minute, sent, (patrol["lat"], patrol["lon"]))
            minute += PATROL_EVERY_MIN


def _sent(scenario: Mapping[str, Any], account: str) -> Sequence[tuple[float, float, float, float]]:
    """(departs, arrives, lat, lon) of every scene this officer is sent to."""
    return [
        (s["work"]["depart_at"], s["work"]["arrive_at"], s["lat"], s["lon"])
        for s in scenario["scenes"]
        if s.get("work", {}).get("officer") == account
    ]


def _next(
    chance: random.Random,
    lat: float,
    lon: float,
    minute: float,
    sent: Sequence[tuple[float, float, float, float]],
    home: tuple[float, float],
) -> tuple[float, float]:
    """Under way: the straight line, in time; on the scene: stands; else: looks around near the start."""
    for departs, arrives, to_lat, to_lon in sent:
        if departs <= minute < arrives:
            part = min(1.0, PATROL_EVERY_MIN / max(PATROL_EVERY_MIN, arrives - minute))
            return round(lat + (to_lat - lat) * part, 6), round(lon + (to_lon - lon) * part, 6)
        if minute >= arrives:
            return lat, lon
    if chance.random() < 0.3:
        return round(lat + (home[0] - lat) / 2, 6), round(lon + (home[1] - lon) / 2, 6)
    return _moved(lat, lon, PATROL_STEP_M * chance.random(), chance.uniform(0, 2 * math.pi))
