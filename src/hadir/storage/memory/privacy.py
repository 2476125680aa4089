"""Whose contents are whose, who looked, and what was erased: over the journal in memory, and in lists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import msgspec

from hadir.ports.access import Look, Wanted
from hadir.ports.erasures import Erasure
from hadir.ports.subjects import Over
from hadir.storage.contact import plain_contact
from hadir.storage.memory.evidence import MemoryEvidence
from hadir.storage.memory.journal import MemoryJournal
from hadir.storage.memory.views import MemoryViewStore
from hadir.storage.planning import ContentRow


class MemorySubjects:
    """Fulfils `hadir.ports.subjects.Subjects`."""

    def __init__(self, journal: MemoryJournal, views: MemoryViewStore, evidence: MemoryEvidence) -> None:
        self._journal, self._views, self._evidence = journal, views, evidence

    async def contents_of(self, stream: str, upto: int) -> list[str]:
        found = [f.content for f in self._journal.facts if f.stream == stream and f.position <= upto and f.content]
        about = [c.id for c in self._whole() if c.subject == stream and c.position <= upto]
        return list(dict.fromkeys([*found, *about]))

    async def contents_by(self, actor: str, upto: int) -> list[str]:
        facts = self._journal.facts
        return [f.content for f in facts if f.actor == actor and f.position <= upto and f.content is not None]

    async def blobs_of(self, contents: Collection[str]) -> list[str]:
        mine = {blob for c in self._whole() if c.id in contents for blob in c.blobs}
        return sorted(mine - {blob for c in self._whole() if c.id not in contents for blob in c.blobs})

    async def checks_of(self, photos: Collection[str]) -> list[tuple[str, str]]:
        checks = (c for c in self._whole() if c.kind == "evidence.check")
        return [(c.subject, c.id) for c in checks if any(photo.encode() in c.body for photo in photos)]

    async def reports_of(self, reporter: str) -> list[str]:
        facts = (f for f in self._journal.facts if f.event.kind == "report.received")
        return [f.event.report_id for f in facts if reporter in (f.event.reporter, f.actor)]

    async def reports_reached_by(self, contact: str) -> list[str]:
        wanted = plain_contact(contact)
        found: list[str] = []
        for row in self._whole():
            body = msgspec.json.decode(row.body)
            told = (body.get("contact") if isinstance(body, dict) else None) or {}
            if wanted and wanted in [plain_contact(told.get(name) or "") for name in ("phone", "email")]:
                found.append(row.subject.removeprefix("report/"))
        return list(dict.fromkeys(found))

    async def over(self, noun: str, before: datetime, limit: int) -> list[Over]:
        kept = {f"{row.group.removesuffix('s')}/{row.id}" for row in self._views.rows.values() if row.kept}
        late = {fact.stream for fact in self._journal.facts if fact.at >= before}
        found = self._by_stream(noun, before)
        return [each for each in found if each.stream not in kept | late][:limit]

    async def old_of(self, noun: str, before: datetime, limit: int) -> list[Over]:
        return self._by_stream(noun, before)[:limit]

    def _by_stream(self, noun: str, before: datetime) -> list[Over]:
        whole = {c.id for c in self._whole()}
        found: dict[str, list[str]] = {}
        for fact in self._journal.facts:
            if fact.stream.startswith(f"{noun}/") and fact.at < before and fact.content in whole:
                found.setdefault(fact.stream, []).append(str(fact.content))
        return [Over(stream=stream, contents=tuple(ids)) for stream, ids in found.items()]

    async def unused(self, before: datetime, limit: int) -> list[str]:
        named = {blob for c in self._whole() for blob in c.blobs}
        old = {kept.photo for kept in self._evidence.all_kept() if kept.received_at < before}
        young = {kept.photo for kept in self._evidence.all_kept() if kept.received_at >= before}
        return sorted(old - young - named)[:limit]

    async def left_of(self, contents: Collection[str]) -> list[str]:
        return [c.id for c in self._whole() if c.id in set(contents)]

    async def forget_account(self, account: str) -> None:
        """The twins hold no addresses beyond the process."""

    async def forget_following(self, **_whose: str | None) -> int:
        """Subscriptions are another twin's."""
        return 0

    async def photos_of(self, actor: str) -> list[str]:
        return [kept.photo for kept in self._evidence.all_kept() if kept.actor == actor]

    def _whole(self) -> Iterator[ContentRow]:
        return self._journal.whole()


class MemoryAccessLog:
    """Fulfils `hadir.ports.access.AccessLog`."""

    def __init__(self) -> None:
        self._looks: list[Look] = []
        self._n = 0

    async def note(self, look: Look) -> None:
        self._n += 1
        self._looks.append(msgspec.structs.replace(look, n=self._n))

    async def find(self, wanted: Wanted) -> list[Look]:
        found = [look for look in reversed(self._looks) if _fits(look, wanted)]
        return found[: wanted.limit]

    async def prune(self, before: datetime) -> int:
        kept = [look for look in self._looks if look.at >= before]
        gone, self._looks = len(self._looks) - len(kept), kept
        return gone


def _fits(look: Look, wanted: Wanted) -> bool:
    return (
        wanted.actor in (None, look.actor)
        and wanted.what in (None, look.what)
        and wanted.thing in (None, look.thing)
        and (wanted.since is None or look.at >= wanted.since)
        and (wanted.until is None or look.at < wanted.until)
        and (wanted.before is None or look.n < wanted.before)
    )


class MemoryErasures:
    """Fulfils `hadir.ports.erasures.Erasures` until the process ends."""

    def __init__(self) -> None:
        self._list: list[Erasure] = []

    async def note(self, erasure: Erasure) -> None:
        self._list.append(erasure)

    async def all(self) -> Sequence[Erasure]:
        return tuple(self._list)
