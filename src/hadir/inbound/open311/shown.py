"""A report as a service request: the state in the standard's two words, and in plain ones."""

from __future__ import annotations

from functools import cache

from msgspec import UNSET

from hadir.domain.city import City
from hadir.inbound.kit.doors import BoardView
from hadir.standards.open311 import model as m
from hadir.views.requests import CLOSED, OpenPlace, OpenReport
from hadir.words import Words


class Shown:
    """Puts reports into the standard's fields."""

    def __init__(self, city: City, words: Words, board: BoardView) -> None:
        self._city = city
        self._board = board
        # A few kinds, states and places in two languages: said once each.
        self._say = cache(words.say)
        self._service = cache(lambda code, lang: city.category_by_code[code].name.say(lang))
        self._agency = cache(lambda code, lang: city.agency_by_code[code].name.say(lang))
        self._origin = cache(self._origin_words)
        self._area = cache(self._area_words)

    def request(self, report: OpenReport, lang: str, *, extensions: bool = False) -> m.Request:
        """Photos leave when somebody has looked at the faces in them; until then media_url is empty."""
        place = report.place
        return m.Request(
            service_request_id=report.id,
            status="closed" if report.state in CLOSED else "open",
            status_notes=self.notes(report, lang),
            service_name=self._service(report.category, lang),
            service_code=report.category,
            description=report.text or None,
            agency_responsible=self._responsible(report, lang),
            service_notice=self._origin(report.origin, lang),
            requested_datetime=report.since,
            updated_datetime=report.state_at,
            address=self._address(place, lang),
            address_id=place.area,
            zipcode=self._postcode(place.area),
            lat=place.lat,
            long=place.lon,
            extended_attributes=m.Extended(channel=report.channel, origin=report.origin) if extensions else UNSET,
            notes=(self._note(report, lang),) if extensions else UNSET,
        )

    def _note(self, report: OpenReport, lang: str) -> m.Note:
        return m.Note(datetime=report.state_at, description=self.notes(report, lang), type=report.state)

    def _incident(self, report: OpenReport) -> object:
        return self._board.row("incidents", report.incident) if report.incident else None

    def state(self, report: OpenReport) -> str:
        """The report's state, or «in_progress» where somebody is at work on its incident."""
        if report.state == "joined" and getattr(self._incident(report), "state", "") == "in_progress":
            return "in_progress"
        return report.state

    def notes(self, report: OpenReport, lang: str) -> str:
        """The state in plain words."""
        return self._say(f"open311.status.{self.state(report)}", lang)

    def _responsible(self, report: OpenReport, lang: str) -> str:
        """The agencies at work on its incident; before that, the one that acts first on this kind."""
        incident = self._incident(report)
        at_work = getattr(incident, "agencies", ()) or (self._city.category_by_code[report.category].agency,)
        return ", ".join([self._agency(code, lang) for code in at_work])

    def _address(self, place: OpenPlace, lang: str) -> str | None:
        """«most specific first»"""
        near = f"RT {place.rt} RW {place.rw}" if place.rt and place.rw else f"RW {place.rw}" if place.rw else None
        return ", ".join([part for part in (place.words, near, self._area(place.area, lang)) if part]) or None

    def _origin_words(self, origin: str, lang: str) -> str | None:
        """What is not live says so."""
        return None if origin == "live" else self._say(f"open311.origin.{origin}", lang)

    def _area_words(self, code: str | None, lang: str) -> str | None:
        area = self._city.area_by_code.get(code or "")
        return None if area is None else f"{area.name}, {area.district}, {self._city.title.say(lang)}"

    def _postcode(self, code: str | None) -> str | None:
        area = self._city.area_by_code.get(code or "")
        return area.postcode if area else None
