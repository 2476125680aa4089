"""On record: somebody could not be reached by one channel, and which one was tried next."""

from __future__ import annotations

import logging

from hadir.actions.context import Context
from hadir.actions.decision import Decision
from hadir.actions.execute import record
from hadir.domain import events as e
from hadir.domain.notice import Channel, Notice, Why
from hadir.domain.people import Role
from hadir.domain.values import Actor
from hadir.ports.journal import DiskFull, NewFact, Unavailable

log = logging.getLogger(__name__)

SYSTEM = Actor(id="system:notices", role=Role.SYSTEM, channel="system")


async def channel_changed(
    ctx: Context, notice: Notice, before: Channel | None, channel: Channel | None, why: Why
) -> None:
    """Once for each notice and channel. Reaching the person matters more: a full disk only leaves a line in the log."""
    event = e.NoticeChannelChanged(
        to=notice.to,
        about=notice.about,
        says=notice.says,
        before=before.value if before else None,
        channel=channel.value if channel else None,
        why=why.value,
    )
    decision = Decision(id=notice.id, facts=(NewFact(stream=f"notice/{notice.id}", expected=None, event=event),))
    command_id = f"{notice.id}-{channel.value if channel else 'end'}"
    try:
        await record(ctx, SYSTEM, command_id, decision, cause=f"fact:{notice.position}")
    except (DiskFull, Unavailable):
        log.warning("a changed channel could not be put on record", extra={"action": "notices.not_recorded"})
