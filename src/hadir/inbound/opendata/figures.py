"""`/angka`: the city's numbers, for whoever writes about it. Every number opens to its reports; below: how it is made.

Live reports only, unless one asks for others: simulated and replayed ones are counted apart. Numbers are kept for a
minute, since they cost a look at everything there ever was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.inbound.opendata import filters as f
from hadir.inbound.opendata.charts import Bars, bars
from hadir.inbound.opendata.filters import Filters
from hadir.inbound.opendata.told import Teller
from hadir.inbound.opendata.visit import Admit, said_licence
from hadir.inbound.pages.site import Site
from hadir.ports.opendata import ORIGINS
from hadir.views.columns import ONLY, STATUSES, Asked, Figures
from hadir.views.openbook import OpenBook
from hadir.views.openfold import public_kinds

Req = Request[Any, Any, Any]

#: Months shown when no day is given; months drawn at most.
MONTHS, MONTHS_MOST = 12, 120
KEPT = timedelta(seconds=60)
KEPT_MOST = 200
LISTED = 50


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table: its name, its numbers, and the filters that it opens to."""

    name: str
    figures: Figures
    #: None: what has no name has no list of its own
    filters: Filters | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """All numbers of one page, and when they were counted."""

    at: datetime
    total: Figures
    months: list[Line]
    areas: list[Line]
    kinds: list[Line]
    agencies: list[Line]
    #: origin → how many that is, of what is not counted here
    apart: Mapping[str, int]


def figure_routes(site: Site, book: OpenBook, admit: Admit) -> list[HTTPRouteHandler]:
    counting = Counting(site, book)

    @get("/angka", include_in_schema=False)
    async def numbers(request: Req) -> Response[bytes]:
        admit(request)
        filters, lang = counting.filters(request), site.lang(request)
        told = await counting.told(filters, lang)
        drawn = _drawn(told.months, site, lang)
        licence = said_licence(site, lang)
        return site.page(
            request,
            "angka.html",
            told=told,
            drawn=drawn,
            licence=licence,
            say=Numbers(site, lang),
            **choices(site, filters),
        )

    @get("/angka/laporan", include_in_schema=False)
    async def reports(request: Req) -> Response[bytes]:
        admit(request)
        filters, lang = f.read(request.query_params, site.city, strict=False), site.lang(request)
        before = f.number(request.query_params, "before", 1, 2**62, 0) or None
        asked = f.asked(filters, site.city)
        positions = await book.positions(asked, before=before, limit=LISTED + 1)
        rows, tell = await book.rows(positions[:LISTED]), Teller(site.city, site.words.say, lang)
        return site.page(
            request,
            "angka_laporan.html",
            rows=[(row, tell.fields(row)) for row in rows],
            count=await book.count(asked),
            older=positions[LISTED - 1] if len(positions) > LISTED else None,
            say=Numbers(site, lang),
            **choices(site, filters),
        )

    return [numbers, reports]


def choices(site: Site, filters: Filters) -> dict[str, Any]:
    """What the form of filters offers."""
    kinds = public_kinds(site.city)
    agencies = {site.city.category_by_code[code].agency for code in kinds}
    return {
        "filters": filters,
        "chosen": f.chosen,
        "states": tuple(STATUSES),
        "only": ONLY,
        "agencies": [agency for agency in site.city.agencies if agency.code in agencies],
    }


class Numbers:
    """Numbers and times as they are said."""

    def __init__(self, site: Site, lang: str) -> None:
        self._site = site
        self._lang = lang

    def number(self, number: int) -> str:
        """«12.345», in English «12,345»."""
        told = f"{number:,}"
        return told if self._lang == "en" else told.replace(",", ".")

    def share(self, part: int, whole: int) -> str:
        """«42 %»; nothing of nothing is nothing."""
        return f"{round(100 * part / whole)} %" if whole else "–"

    def lasts(self, seconds: float | None) -> str:
        """«35 menit», «4,5 jam», «12 hari»: two digits are what such a number is worth."""
        if seconds is None:
            return "–"
        for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
            if seconds >= size * (2 if unit == "days" else 1) or unit == "minutes":
                amount = seconds / size
                text = f"{amount:.1f}" if amount < 10 and unit != "minutes" else f"{amount:.0f}"
                shown = text if self._lang == "en" else text.replace(".", ",")
                return self._site.words.say(f"open.{unit}", self._lang, n=shown)
        return "–"

    def day(self, day: date | datetime) -> str:
        """«7/1/2026»."""
        local = day.astimezone(self._site.zone).date() if isinstance(day, datetime) else day
        return f"{local.day}/{local.month}/{local.year}"

    def month(self, day: date) -> str:
        return f"{self._site.words.say(f'open.month.{day.month}', self._lang)} {day.year}"


class Counting:
    """Counts, and keeps what was counted for a while."""

    def __init__(self, site: Site, book: OpenBook) -> None:
        self._site = site
        self._book = book
        self._kept: dict[tuple[Filters, str], Told] = {}
        self._busy = asyncio.Lock()

    def filters(self, request: Req) -> Filters:
        """As they stand in the address; without a day the last twelve months."""
        read = f.read(request.query_params, self._site.city, strict=False).where(state=(), only="", bbox=None)
        if read.first is None and read.last is None:
            return read.where(first=_months_back(self._today(), MONTHS - 1))
        return read

    def _today(self) -> date:
        return self._site.now().astimezone(self._site.zone).date()

    async def told(self, filters: Filters, lang: str) -> Told:
        async with self._busy:
            known = self._kept.get((filters, lang))
            if known is None or self._site.now() - known.at >= KEPT:
                if len(self._kept) >= KEPT_MOST:
                    self._kept.clear()
                known = self._kept[filters, lang] = await self._count(filters, lang)
            return known

    async def _count(self, filters: Filters, lang: str) -> Told:
        city, book = self._site.city, self._book
        asked = f.asked(filters, city)
        return Told(
            at=self._site.now(),
            total=await book.figures(asked),
            months=await self._months(asked, filters, lang),
            areas=_lines(await book.figures_by(asked, "area"), self._areas(filters, lang)),
            kinds=_lines(
                await book.figures_by(asked, "kind"),
                ((k.code, k.name.say(lang), filters.where(kind=(k.code,))) for k in city.categories),
            ),
            agencies=_lines(
                await book.figures_by_agency(asked),
                ((a.code, a.name.say(lang), filters.where(agency=(a.code,))) for a in city.agencies),
            ),
            apart=await self._apart(filters),
        )

    def _areas(self, filters: Filters, lang: str) -> Iterator[tuple[str, str, Filters | None]]:
        yield "", self._site.words.say("public.place_unknown", lang), None
        for area in self._site.city.areas:
            yield area.code, area.name, filters.where(area=(area.code,))

    async def _apart(self, filters: Filters) -> dict[str, int]:
        counted = f.asked(filters, self._site.city).origins or ORIGINS
        others = [origin for origin in ORIGINS if origin not in counted]
        asked = {origin: f.asked(filters.where(origin=(origin,)), self._site.city) for origin in others}
        return {origin: count for origin, each in asked.items() if (count := await self._book.count(each))}

    async def _months(self, asked: Asked, filters: Filters, lang: str) -> list[Line]:
        span = await self._book.span(asked)
        if span is None:
            return []
        zone = self._site.zone
        first, last = (datetime.fromtimestamp(at, zone).date().replace(day=1) for at in span)
        days = [first]
        while days[-1] < last and len(days) < MONTHS_MOST:
            days.append(_next_month(days[-1]))
        edges = [datetime.combine(day, time(), zone) for day in days]
        figures = await self._book.figures_by_time(asked, edges)
        say, nothing = Numbers(self._site, lang), Figures(0, 0, None, 0, None, 0, 0)
        return [
            Line(name=say.month(day), figures=figures.get(edge, nothing), filters=_within(filters, day))
            for day, edge in zip(days, edges, strict=True)
        ]


def _lines(figures: Mapping[str, Figures], named: Iterable[tuple[str, str, Filters | None]]) -> list[Line]:
    """The most reports first."""
    lines = [Line(name=name, figures=figures[code], filters=to) for code, name, to in named if code in figures]
    return sorted(lines, key=lambda line: line.figures.received, reverse=True)


def _within(filters: Filters, month: date) -> Filters:
    """The days of this month that the filters leave."""
    last = _next_month(month) - timedelta(days=1)
    return filters.where(first=max(month, filters.first or month), last=min(last, filters.last or last))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _months_back(day: date, months: int) -> date:
    back = day.year * 12 + day.month - 1 - months
    return date(back // 12, back % 12 + 1, 1)


def _drawn(months: list[Line], site: Site, lang: str) -> Bars:
    say = Numbers(site, lang)
    return bars([(line.name, line.figures.received, line.figures.solved) for line in months], say.number)
