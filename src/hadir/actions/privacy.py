"""What the rules of personal data need beside the journal; `compose` makes one."""

from __future__ import annotations

from dataclasses import dataclass

from hadir.actions.context import Context
from hadir.actions.mydata import told_of
from hadir.domain.people import may
from hadir.domain.refusals import Refusal, invalid
from hadir.domain.values import Actor
from hadir.ports.access import AccessLog, Look
from hadir.ports.erasures import Erasures
from hadir.ports.partials import Partials
from hadir.ports.subjects import Subjects

#: a sentence, not a full stop
REASON_LEAST = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Privacy:
    """One per process."""

    ctx: Context
    subjects: Subjects
    access: AccessLog
    erasures: Erasures
    partials: Partials

    async def looked(self, actor: Actor, what: str, thing: str, reason: str = "") -> None:
        """On the log, before anything is shown. Raises Unavailable."""
        now = self.ctx.clock.now()
        await self.access.note(
            Look(at=now, actor=actor.id, role=str(actor.role), what=what, thing=thing, reason=reason)
        )


async def personal(privacy: Privacy, actor: Actor, report_id: str, reason: str) -> dict[str, object] | Refusal:
    """A report's own words, exact place and contact, unmasked; the look is on the log first."""
    if refusal := may("personal.read", actor):
        return refusal
    told = await told_of(privacy.ctx, report_id)
    if isinstance(told, Refusal):
        return told
    if len(reason.strip()) < REASON_LEAST:
        return invalid("reason_needed")
    await privacy.looked(actor, "personal", f"report/{report_id}", reason.strip()[:500])
    contact = {} if told.apart else told.contact
    return {"id": report_id, "text": told.text, "place": told.place, "contact": contact, "erased": told.erased}
