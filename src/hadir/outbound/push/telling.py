"""A notice in words, for one person: only what the permission table lets him see, and only what the screen shows too.

Free text (what was written or said) is never in a notice: a locked phone shows it to whoever holds it. Names of areas,
kinds of work and the commander are enough to know what waits; the rest is behind the sign-in.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hadir.domain.city import City
from hadir.domain.notice import Notice
from hadir.domain.people import Account, Role, Sight
from hadir.domain.values import Actor
from hadir.outbound.push.table import NOT_HIS
from hadir.ports.people import People
from hadir.ports.sender import Message
from hadir.views.audience import fields_of
from hadir.views.board import Board
from hadir.words import Words

# Push services take 4,096 bytes of cipher; this leaves room for what RFC 8291 adds and for padding.
PAYLOAD_MOST = 3000

PAGES: Mapping[Role, str] = {
    Role.OFFICER: "/petugas",
    Role.LEADER: "/pimpin",
    Role.OPERATOR: "/pusat",
    Role.DESK: "/opd",
    Role.AGENCY_HEAD: "/opd",
    Role.AUDITOR: "/kelola",
    Role.ADMIN: "/kelola",
}
_SPOTS = {"orders": "order", "tasks": "task", "incidents": "incident", "areas": "area", "units": "unit"} | {
    "reports": "report"
}
#: rows whose people may be told of them although they are not on their board any more
_PARTIES = ("to", "from_", "officer")


class Teller:
    """Knows the rows, the names and the words."""

    def __init__(self, *, board: Board, city: City, people: People, words: Words, base: str) -> None:
        """`base`: our public address, for what is read outside a browser of ours."""
        self._board = board
        self._city = city
        self._people = people
        self._words = words
        self._base = base.rstrip("/")

    async def tell(self, notice: Notice, account: Account, lang: str) -> Message | None:
        """None: he may not see what it is about (any more)."""
        things, _, id = notice.about.partition("/")
        row = await self._board.find(things, id)
        # Whose it was has seen all that this says.
        if row is None or not (notice.says == NOT_HIS or self._may_see(account, things, row)):
            return None
        names = {each.id: each.name for each in await self._people.accounts()}
        gaps = self._gaps(row, notice, names, lang)
        return Message(
            id=notice.id,
            title=self._words.say(f"notice.{notice.says}.title", lang, **gaps),
            body=self._words.say(f"notice.{notice.says}.body", lang, **gaps),
            url=f"{self._base}{link(account.role, notice.about)}",
        )

    def _may_see(self, account: Account, things: str, row: Any) -> bool:
        if account.id in [getattr(row, name, None) for name in _PARTIES]:
            return True
        return self._board.visible(_viewer(account), things, row.id)

    def _gaps(self, row: Any, notice: Notice, names: Mapping[str, str], lang: str) -> dict[str, str]:
        due = getattr(row, "due_at", None)
        return {
            "place": self._place(row),
            "action": _named(self._city.action_by_code, getattr(row, "action", ""), lang),
            "category": _named(self._city.category_by_code, getattr(row, "category", ""), lang),
            "minutes": str(getattr(row, "within_min", "")),
            "due": due.astimezone(ZoneInfo(self._city.zone)).strftime("%H.%M") if due else "",
            "from": _signed(row, names),
            "to": names.get(getattr(row, "to", None) or "", "–"),
            "officer": names.get(getattr(row, "officer", None) or row.id, "–"),
            "step": self._words.say(f"notice.step.{notice.detail}", lang) if notice.detail else "",
        }

    def _place(self, row: Any) -> str:
        area = self._city.area_by_code.get(row.place.area or "")
        rw = f" RW {row.place.rw}" if row.place.rw else ""
        return f"{area.name}{rw}" if area else self._city.name

    # ── what goes to a browser ───────────────────────────────────────────────────────────────────────────────────

    def payload(self, notice: Notice, account: Account, message: Message) -> bytes:
        """JSON for the service worker. An order comes with its row, so that it can be kept before a page is opened."""
        told: dict[str, Any] = {
            "v": 1,
            "id": notice.id,
            "for": account.id,
            "says": notice.says,
            "title": message.title,
            "body": message.body,
            "url": link(account.role, notice.about),
            "about": notice.about,
            "topic": notice.topic,
            "loud": notice.loud,
            "at": notice.made_at,
            "until": notice.expires_at,
        }
        whole = msgspec.json.encode(told | self._row(notice, account))
        return whole if len(whole) <= PAYLOAD_MOST else msgspec.json.encode(told)

    def _row(self, notice: Notice, account: Account) -> dict[str, Any]:
        things, _, id = notice.about.partition("/")
        row = self._board.row(things, id) if things == "orders" else None
        if row is None or row.to != account.id:
            return {}
        fields = msgspec.to_builtins(row)
        return {"row": {name: fields[name] for name in fields_of(Sight.PERSON, things) if name in fields}}


def _signed(row: Any, names: Mapping[str, str]) -> str:
    """The commander, and in whose name he ordered."""
    name = names.get(getattr(row, "from_", None) or "", "–")
    on_behalf = getattr(row, "on_behalf", None)
    return f"{name} a.n. {on_behalf}" if on_behalf else name


def _named(table: Mapping[str, Any], code: str, lang: str) -> str:
    thing = table.get(code)
    return thing.name.say(lang) if thing else code


def _viewer(account: Account) -> Actor:
    return Actor(id=account.id, role=account.role, agency=account.agency, areas=account.areas)


def link(role: Role, about: str) -> str:
    """Where a person looks at this thing: a path of ours."""
    things, _, id = about.partition("/")
    return f"{PAGES.get(role, '/')}#/{_SPOTS.get(things, '')}/{id}"
