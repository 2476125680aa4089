"""A report as a service request: the state in the standard's two words, and in plain ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from msgspec import UNSET

from hadir.domain.city import City
from hadir.domain.due import due
from hadir.domain.report import State
from hadir.inbound.kit.doors import BoardView
from hadir.inbound.open311.media import address_of
from hadir.standards.open311 import model as m
from hadir.views.requests import CLOSED, Change, OpenReport
from hadir.views.rows import IncidentRow
from hadir.words import Words

#: Requests whose time is kept: more than are open in a city, and some 5 MB.
EXPECTED_KEPT = 20_000

_STATUS = {state: f"open311.status.{state}" for state in (*State, "in_progress")}


class Shown:
    """Puts reports into the standard's fields."""

    def __init__(self, city: City, words: Words, board: BoardView) -> None:
        self._city = city
        self._board = board
        self._zone = ZoneInfo(city.zone)
        # A few kinds, states and neighbourhoods in two languages: each is said once.
        self._say = cache(words.say)
        self._kind = cache(self._kind_words)
        self._where = cache(self._where_words)
        self._notice = cache(self._notice_words)
        # The dearest part of a request, weeks of working days one by one; it never changes while this runs.
        self._expected = lru_cache(EXPECTED_KEPT)(self._due_of)

    def request(self, report: OpenReport, lang: str, origin: str, *, told: Sequence[Change] | None = None) -> m.Request:
        """`told`: what happened to it, for who asked for the extensions. `origin`: where our addresses begin."""
        place = report.place
        incident = self._board.row("incidents", report.incident) if report.incident else None
        name, first_agency = self._kind(report.category, lang)
        address, zipcode = self._where(place.area, place.rw, place.rt, lang)
        photos = [m.Photo(media_url=origin + address_of(report.id, each.id)) for each in report.open_photos]
        return m.Request(
            service_request_id=report.id,
            status="closed" if report.state in CLOSED else "open",
            status_notes=self._say(_STATUS[_state(report, incident)], lang),
            service_name=name,
            service_code=report.category,
            description=report.text or None,
            agency_responsible=self._at_work(incident, lang) or first_agency,
            service_notice=self._notice(report.origin, place.outside, lang),
            requested_datetime=report.since,
            updated_datetime=report.state_at,
            expected_datetime=None if report.state in CLOSED else self._expected(report.category, report.since),
            address=f"{place.words}, {address}" if place.words and address else place.words or address,
            address_id=place.area,
            zipcode=zipcode,
            lat=place.lat,
            long=place.lon,
            media_url=photos[0].media_url if photos else None,
            extended_attributes=UNSET
            if told is None
            else m.Extended(channel=report.channel, origin=report.origin, photos=tuple(photos)),
            notes=UNSET if told is None else self._notes(report, told, lang),
        )

    def _due_of(self, category: str, since: datetime) -> datetime | None:
        """By when work of this kind is to be done, by the pack's clocks of the day it came in; the city's aim."""
        clocks = self._city.category_by_code[category].clocks_on(self._city.day_of(since))
        if clocks is None:
            return None
        calendar = None if clocks.calendar == "real" else self._city.calendar
        return due(since, clocks.respond_min + clocks.resolve_min, calendar, self._zone)

    def _notes(self, report: OpenReport, told: Sequence[Change], lang: str) -> tuple[m.Note, ...]:
        """All that happened, the oldest first."""
        states = [(report.since, State.RECEIVED.value), *[(change.at, change.state) for change in told]]
        return tuple(m.Note(datetime=at, description=self.words(state, lang), type=state) for at, state in states)

    def words(self, state: str, lang: str) -> str:
        """A state in plain words."""
        return self._say(_STATUS[state], lang)

    def _at_work(self, incident: IncidentRow | None, lang: str) -> str:
        """The agencies on its incident."""
        if incident is None:
            return ""
        return ", ".join([self._city.agency_by_code[code].name.say(lang) for code in incident.agencies])

    def _kind_words(self, code: str, lang: str) -> tuple[str, str]:
        """The service's name, and the agency that acts first."""
        category = self._city.category_by_code[code]
        return category.name.say(lang), self._city.agency_by_code[category.agency].name.say(lang)

    def _where_words(
        self, area: str | None, rw: int | None, rt: int | None, lang: str
    ) -> tuple[str | None, str | None]:
        """The address, «most specific first», and the postcode."""
        near = f"RT {rt} RW {rw}" if rt and rw else f"RW {rw}" if rw else None
        known = self._city.area_by_code.get(area or "")
        if known is None:
            return near, None
        parts = (near, known.name, known.district, self._city.title.say(lang))
        return ", ".join([part for part in parts if part]), known.postcode

    def _notice_words(self, origin: str, outside: bool, lang: str) -> str | None:
        """What is not live says so, and what lies outside the city."""
        said = [] if origin == "live" else [self._say(f"open311.origin.{origin}", lang)]
        return " ".join([*said, self._outside(lang)] if outside else said) or None

    def _outside(self, lang: str) -> str:
        """Why it is on no map, and who is offered it."""
        neighbour = self._city.agency_by_code.get(self._city.outside_agency)
        title = self._city.title.say(lang)
        if neighbour is None:
            return self._say("open311.outside", lang, city=title)
        return self._say("open311.outside.offered", lang, city=title, agency=neighbour.name.say(lang))


def _state(report: OpenReport, incident: IncidentRow | None) -> str:
    is_at_work = incident is not None and incident.state == "in_progress" and report.state == "joined"
    return "in_progress" if is_at_work else report.state
