"""A report as a service request: the state in the standard's two words, and in plain ones."""

from __future__ import annotations

from functools import cache

from msgspec import UNSET

from hadir.domain.city import City
from hadir.domain.report import State
from hadir.inbound.kit.doors import BoardView
from hadir.standards.open311 import model as m
from hadir.views.requests import CLOSED, OpenReport
from hadir.views.rows import IncidentRow
from hadir.words import Words

_STATUS = {state: f"open311.status.{state}" for state in (*State, "in_progress")}


class Shown:
    """Puts reports into the standard's fields."""

    def __init__(self, city: City, words: Words, board: BoardView) -> None:
        self._city = city
        self._board = board
        # A few kinds, states and neighbourhoods in two languages: each is said once.
        self._say = cache(words.say)
        self._kind = cache(self._kind_words)
        self._where = cache(self._where_words)
        self._origin = cache(self._origin_words)

    def request(self, report: OpenReport, lang: str, *, extensions: bool = False) -> m.Request:
        """Photos leave when somebody has looked at the faces in them; until then media_url is empty."""
        place = report.place
        incident = self._board.row("incidents", report.incident) if report.incident else None
        name, first_agency = self._kind(report.category, lang)
        address, zipcode = self._where(place.area, place.rw, place.rt, lang)
        return m.Request(
            service_request_id=report.id,
            status="closed" if report.state in CLOSED else "open",
            status_notes=self._say(_STATUS[_state(report, incident)], lang),
            service_name=name,
            service_code=report.category,
            description=report.text or None,
            agency_responsible=self._at_work(incident, lang) or first_agency,
            service_notice=self._origin(report.origin, lang),
            requested_datetime=report.since,
            updated_datetime=report.state_at,
            address=f"{place.words}, {address}" if place.words and address else place.words or address,
            address_id=place.area,
            zipcode=zipcode,
            lat=place.lat,
            long=place.lon,
            extended_attributes=m.Extended(channel=report.channel, origin=report.origin) if extensions else UNSET,
            notes=(self._note(report, lang),) if extensions else UNSET,
        )

    def _note(self, report: OpenReport, lang: str) -> m.Note:
        return m.Note(datetime=report.state_at, description=self.notes(report, lang), type=report.state)

    def state(self, report: OpenReport) -> str:
        """The report's state, or «in_progress» where somebody is at work on its incident."""
        return _state(report, self._board.row("incidents", report.incident) if report.incident else None)

    def notes(self, report: OpenReport, lang: str) -> str:
        """The state in plain words."""
        return self._say(_STATUS[self.state(report)], lang)

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

    def _origin_words(self, origin: str, lang: str) -> str | None:
        """What is not live says so."""
        return None if origin == "live" else self._say(f"open311.origin.{origin}", lang)


def _state(report: OpenReport, incident: IncidentRow | None) -> str:
    is_at_work = incident is not None and incident.state == "in_progress" and report.state == "joined"
    return "in_progress" if is_at_work else report.state
