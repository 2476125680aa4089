"""What all doors of open data share: who may come in, and under which licence things leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec
from litestar import Request

from hadir.domain.people import may
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors
from hadir.inbound.kit.problems import Problem
from hadir.inbound.pages.site import Site

#: (request) → our own address, «https://host». Raises Problem: 403, 429.
Admit: TypeAlias = Callable[[Request[Any, Any, Any]], str]


def admission(doors: Doors) -> Admit:
    """By the permission table, and no more often than one address may read what is open."""

    def admit(request: Request[Any, Any, Any]) -> str:
        caller: Caller = request.state.caller
        if refusal := may("open.read", caller.actor):
            raise Problem.of(refusal)
        doors.throttle.reading(caller)
        return caller.origin

    return admit


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside all data."""

    text: str
    url: str | None
    #: what the data are, and what they are not
    about: str


def said_licence(site: Site, lang: str) -> Licence:
    """The pack's words; where it has none, that nobody has decided."""
    text = site.city.data_licence.say(lang) or site.words.say("open.licence_none", lang)
    about = site.words.say("open.about", lang, city=site.city.title.say(lang))
    return Licence(text=text, url=site.city.data_licence_url or None, about=about)
