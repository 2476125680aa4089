"""A desk in a dictionary, so that pages are tested and looked at without the rest of the system."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from litestar import Litestar

from hadir import words
from hadir.domain import triage
from hadir.domain.city import City
from hadir.domain.events import KINDS
from hadir.inbound.opendata import open_routes
from hadir.inbound.pages import DemoAccount, Site, pages_routes
from hadir.inbound.pages.assets import Assets
from hadir.inbound.pages.desk import Draft, Happening, Line, Picture, Refused, Step, Tracked, Water
from hadir.storage.areas import ShapelyAreas
from hadir.storage.citypack import load_city
from hadir.storage.codec import Codec
from hadir.storage.memory import MemoryJournal, SettableClock
from hadir.storage.memory.opendata import MemoryOpenStore
from hadir.views.openbook import OpenBook

ROOT = Path(__file__).resolve().parents[2]
CITY = load_city(ROOT / "cities" / "blitar")
NOW = datetime(2026, 11, 24, 6, 41, 5, tzinfo=UTC)


@dataclass
class TwinDesk:
    """Remembers what came in; tests set what comes out."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    reports: dict[str, Tracked] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    answers: list[tuple[str, bool, str, str]] = field(default_factory=list)
    said: list[tuple[str, Line, str]] = field(default_factory=list)
    rated: list[tuple[str, str, str]] = field(default_factory=list)
    devices: set[str] = field(default_factory=set)
    shown: Picture = field(default_factory=lambda: Picture(cursor="a-1", waters=(), happenings=()))
    refuse: Refused | None = None
    wait: int = 0
    may_ask: bool = True

    async def receive(self, draft: Draft, device: str) -> str | Refused:
        self.devices.add(device)
        first = self.drafts.get(draft.command_id)
        if first is not None and first != draft:
            return Refused(code="command_id_reused")
        if self.refuse is not None:
            return self.refuse
        secret = f"rahasia{len(self.reports) if first is None else list(self.drafts).index(draft.command_id)}"
        self.drafts[draft.command_id] = draft
        self.reports.setdefault(secret, tracked_of(draft))
        return secret

    async def add_photo(self, data: bytes, device: str) -> str | Refused:
        if not data.startswith(b"\xff\xd8"):
            return Refused(code="not_a_photo")
        name = f"{len(data):064x}"
        self.photos[name] = data
        return name

    async def tracked(self, secret: str) -> Tracked | None:
        return self.reports.get(secret)

    async def answer(
        self, secret: str, solved: bool, text: str, command_id: str, photos: tuple[str, ...] = ()
    ) -> Refused | None:
        if self.refuse is not None:
            return self.refuse
        self.answers.append((secret, solved, text, command_id))
        stage = "confirmed" if solved else "disputed"
        self.reports[secret] = replace(self.reports[secret], stage=stage)
        return None

    async def follow_up(self, secret: str, said: Line, command_id: str) -> Refused | None:
        if self.refuse is None:
            self.said.append((secret, said, command_id))
        return self.refuse

    async def rate(self, secret: str, result: str, text: str, command_id: str) -> Refused | None:
        if self.refuse is None:
            self.rated.append((secret, result, text))
        return self.refuse

    def suggest(self, text: str) -> tuple[str, ...]:
        return tuple(code for code, _ in triage.triage(text, CITY).points)

    async def add_photos(self, secret: str, photos: tuple[str, ...], command_id: str) -> Refused | None:
        if self.refuse is not None:
            return self.refuse
        self.reports[secret] = replace(self.reports[secret], photos=photos, to_come=0)
        return None

    async def photo(self, secret: str, photo: str, small: bool) -> bytes | None:
        tracked = self.reports.get(secret)
        return self.photos.get(photo) if tracked and photo in (*tracked.own_photos, *tracked.after_photos) else None

    async def picture(self) -> Picture:
        return self.shown


def tracked_of(draft: Draft) -> Tracked:
    return Tracked(
        ref="7K2QX",
        stage="received",
        text=draft.text,
        area=draft.area,
        rt=draft.rt,
        rw=draft.rw,
        place_words=draft.words or None,
        outside=False,
        origin="live",
        steps=(Step(code="received", at=NOW),),
        photos=draft.photos,
        left=30,
    )


def minutes_ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def rainy(city: City) -> Picture:
    """A rainy hour to look at."""
    areas = city.areas
    states = ("declared", "confirmed", "suspected", "receding", "over")
    waters = tuple(
        Water(
            area=a.code,
            state=s,
            since=NOW - timedelta(minutes=9 * i + 4),
            depth_cm=45 if i < 2 else None,
            reports=7 - i,
        )
        for i, (a, s) in enumerate(zip(areas[2::4], states, strict=False))
    )
    kinds = [c.code for c in city.categories[:3]]
    happenings = tuple(
        Happening(
            id=f"01INC{i}",
            category=kind,
            state=("open", "in_progress", "resolved")[i],
            area=areas[i * 4 + 2].code,
            lat=areas[i * 4 + 2].lat,
            lon=areas[i * 4 + 2].lon,
            outside=False,
            people=12 - 4 * i,
            since=minutes_ago(31 - 7 * i),
            origin=("live", "simulation", "replay")[i],
        )
        for i, kind in enumerate(kinds)
    )
    return Picture(cursor="a-77", waters=waters, happenings=happenings)


class Numbers:
    """Ids in a row."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> str:
        self.last += 1
        return f"{self.last:026d}"


DEMO = (
    DemoAccount(id="operator", name="Operator 1", role="operator"),
    DemoAccount(id="pimpinan", name="Pimpinan (demo)", role="leader"),
    DemoAccount(id="opd-bpbd", name="Admin BPBD (demo)", role="desk"),
    DemoAccount(id="petugas-1", name="Petugas 1 BPBD", role="officer"),
    DemoAccount(id="petugas-2", name="Petugas 2 BPBD", role="officer"),
    DemoAccount(id="admin", name="Admin sistem (demo)", role="admin"),
    DemoAccount(id="replay", name="Putar ulang (demo)", role="integrator"),
)


def make_site(desk: TwinDesk, demo: bool = False) -> Site:
    return Site(
        city=CITY,
        areas=ShapelyAreas(CITY),
        words=words.load(),
        desk=desk,
        assets=Assets(ROOT / "web" / "src" / "ui" / "css"),
        now=lambda: NOW,
        new_id=Numbers(),
        must_wait=lambda _request, _photos: desk.wait,
        may_ask=lambda _request: desk.may_ask,
        demo=demo,
        demo_accounts=DEMO,
    )


def make_app(desk: TwinDesk, demo: bool = False) -> Litestar:
    site = make_site(desk, demo)
    routes = [
        *pages_routes(site),
        *open_routes(site, empty_book(site.city), lambda _request: "http://testserver.local"),
    ]
    return Litestar(route_handlers=routes, openapi_config=None)


def empty_book(city: City) -> OpenBook:
    """Of a journal in which nothing has happened."""
    journal = MemoryJournal(codec=Codec(KINDS), clock=SettableClock())
    return OpenBook(journal=journal, store=MemoryOpenStore(), city=city)
