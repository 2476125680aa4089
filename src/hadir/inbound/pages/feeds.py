"""The feed of a kelurahan or a circle: one entry a thing, its newest public state; no word that anybody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from hadir.domain.following import Change
from hadir.inbound.pages.site import Site
from hadir.inbound.pages.spots import Spot, place_of, told
from hadir.standards.atom import Category, Entry, Feed, Link, Person


def feed_of(site: Site, spot: Spot, changes: Sequence[Change], lang: str, base: str) -> Feed:
    """`base`: our public address. RFC 4287; ids are tag URIs (RFC 4151) that never change."""
    place = place_of(site, spot, lang)
    here = f"{base}/sekitar?{spot.query()}"
    return Feed(
        id=f"{base}/sekitar/atom?{spot.query()}",
        title=site.words.say("follow.feed", lang, place=place),
        updated=max((c.at for c in changes), default=site.now().replace(hour=0, minute=0, second=0, microsecond=0)),
        authors=(Person(name=site.city.title.say(lang)),),
        lang=lang,
        links=(
            Link(href=f"{base}/sekitar/atom?{spot.query()}", rel="self", type="application/atom+xml"),
            Link(href=here, rel="alternate", type="text/html"),
        ),
        entries=tuple(_entry(site, each, lang, base) for each in changes),
    )


def _origin(site: Site, change: Change, lang: str) -> str:
    """What is simulated or replayed says so."""
    return site.words.say(f"citizen.origin.{change.origin}", lang)


def _entry(site: Site, change: Change, lang: str, base: str) -> Entry:
    what, where, state = told(site, change, lang)
    host = urlsplit(base).hostname or "localhost"
    placed = change.lat is not None and change.lon is not None
    return Entry(
        id=f"tag:{host},{change.began_at:%Y-%m-%d}:{change.about}",
        title=f"{what} – {where}" if where else what,
        updated=change.at,
        published=change.began_at,
        summary=state if change.origin == "live" else f"{_origin(site, change, lang)}: {state}",
        links=(Link(href=f"{base}/sekitar?area={change.area}" if change.area else f"{base}/peta", type="text/html"),),
        categories=(Category(term=change.category),) if change.category else (),
        point=(change.lat, change.lon) if placed else None,  # type: ignore[arg-type]
    )
