"""A person as somebody at the office names him: a link, a report, a device, a number, an address, an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hadir.actions.erasure import PERSON, erase
from hadir.actions.privacy import Privacy
from hadir.ports.erasures import Erasure

FORMS = (
    "a tracking link or its secret, report/<id>, device/<pseudonym>, account/<name>, a telephone number or an e-mail "
    "address that was left with a report"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Everything of one person that the city holds, as far as the name that was given leads."""

    streams: tuple[str, ...] = ()
    account: str | None = None
    device: str | None = None
    address: str | None = None

    @property
    def empty(self) -> bool:
        return not self.streams


async def subject_of(privacy: Privacy, named: str) -> Subject:
    """`named` in one of FORMS."""
    named = named.strip()
    kind, _, id = named.partition("/")
    subjects = privacy.subjects
    if kind == "report" and id:
        return Subject(streams=(named,))
    if kind == "device" and id:
        reports = [f"report/{report}" for report in await subjects.reports_of(named)]
        return Subject(streams=(*reports, f"{PERSON}{named}"), device=named)
    if kind == "account" and id:
        known = await privacy.ctx.people.account(id)
        return Subject() if known is None else Subject(streams=(f"{PERSON}{id}",), account=id)
    secret = named.rstrip("/").rpartition("/")[2]
    if secret.isascii() and (report := privacy.ctx.secrets.report_of(secret)):
        return Subject(streams=(f"report/{report}",))
    found = await subjects.reports_reached_by(named)
    return Subject(streams=tuple(f"report/{id}" for id in found), address=named if "@" in named else None)


async def erase_subject(privacy: Privacy, subject: Subject) -> int:
    """Put all of it on record, and forget what no fact holds; how many things."""
    for stream in subject.streams:
        await erase(privacy, stream, "office", f"office-{privacy.ctx.ids.new()}", "office")
    if subject.account is not None:
        await privacy.subjects.forget_account(subject.account)
    if subject.device is not None or subject.address is not None:
        await privacy.subjects.forget_following(device=subject.device, address=subject.address)
    return len(subject.streams)


async def once_more(privacy: Privacy, listed: Sequence[Erasure]) -> int:
    """After a restore: erase again what an older back-up brought back. How many contents."""
    wanted: dict[str, set[str]] = {}
    for erasure in listed:
        wanted.setdefault(erasure.stream, set()).update(erasure.contents)
    gone = 0
    newest = await privacy.ctx.journal.position()
    for stream, contents in wanted.items():
        left = await privacy.subjects.left_of(contents)
        if not left:
            continue
        whole = set(await privacy.subjects.contents_of(stream, newest)) <= contents
        only = () if whole else tuple(left)
        await erase(privacy, stream, "restored", f"restored-{privacy.ctx.ids.new()}", "restored", only)
        gone += len(left)
    return gone
