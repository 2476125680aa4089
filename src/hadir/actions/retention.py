"""What has to go by rule: contents whose time is over, photos that nothing named, looks that are old.

`plan` says what would go and changes nothing; `carry_out` puts it on record, thing by thing, and `actions.erasure` does
it. Both are told by the same list, so a dry run tells what the next night does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hadir.actions.erasure import erase, forget_photos
from hadir.actions.privacy import Privacy
from hadir.actions.reactions import RETRY_S
from hadir.domain.privacy import RULES, months_before
from hadir.ports.journal import DiskFull, Unavailable

log = logging.getLogger(__name__)

#: things of one kind that one run takes; what is left goes the next night
MOST = 5000
#: things that are never over: of them only what is old goes
ENDLESS = frozenset({"unit", "area"})
#: between two things, so that a night's work never stands in anybody's way
BREATH_S = 0.01
#: the hour of the night, in the city's zone, from which on it is done
FROM_HOUR, TO_HOUR = 2, 5
LOOK_S = 900.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One thing whose contents have to go."""

    stream: str
    contents: tuple[str, ...]
    #: of a thing that is never over: only these
    part: bool
    #: the rule: months of the pack
    months: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What would go now."""

    at: datetime
    due: tuple[Due, ...]
    #: photos that nothing named in time
    photos: tuple[str, ...]
    #: looks from before this go
    looks_before: datetime

    def by_noun(self) -> dict[str, tuple[int, int]]:
        """noun → (things, contents)."""
        told: dict[str, tuple[int, int]] = {}
        for each in self.due:
            noun = each.stream.partition("/")[0]
            things, contents = told.get(noun, (0, 0))
            told[noun] = (things + 1, contents + len(each.contents))
        return told


async def plan(privacy: Privacy, most: int = MOST) -> Plan:
    """Looks, changes nothing."""
    now, rules = privacy.ctx.clock.now(), privacy.ctx.city.privacy
    due: list[Due] = []
    for noun in RULES:
        months = rules.months(noun) or 0
        before = months_before(now, months)
        part = noun in ENDLESS
        search = privacy.subjects.old_of if part else privacy.subjects.over
        found = await search(noun, before, most)
        due += [Due(stream=x.stream, contents=x.contents, part=part, months=months) for x in found]
    unused = await privacy.subjects.unused(now - timedelta(days=rules.unused_photos_days), most)
    looks = months_before(now, rules.access_months)
    return Plan(at=now, due=tuple(due), photos=tuple(unused), looks_before=looks)


async def carry_out(privacy: Privacy, planned: Plan) -> int:
    """Put it all on record; how many things. Doing it twice changes nothing the second time."""
    day = planned.at.date().isoformat()
    for each in planned.due:
        only = each.contents if each.part else ()
        await erase(privacy, each.stream, "rule", f"retention-{day}-{each.stream}", f"retention:{each.months}", only)
        await asyncio.sleep(BREATH_S)
    await forget_photos(privacy, planned.photos)
    await privacy.access.prune(planned.looks_before)
    return len(planned.due)


class Nightly:
    """Once a night, in every process; whoever comes first does it."""

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy
        self._zone = ZoneInfo(privacy.ctx.city.zone)
        self._done: str = ""

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
                await asyncio.sleep(LOOK_S)
            except (Unavailable, DiskFull, OSError):
                log.warning("what has to go by rule waits", extra={"action": "retention.wait"})
                await asyncio.sleep(RETRY_S)

    async def look(self) -> int | None:
        """Do it if it is night and was not done; how many things went. None: not now."""
        now = self._privacy.ctx.clock.now().astimezone(self._zone)
        if not FROM_HOUR <= now.hour < TO_HOUR or self._done == now.date().isoformat():
            return None
        gone = await carry_out(self._privacy, await plan(self._privacy))
        self._done = now.date().isoformat()
        log.info("%d things lost their contents by rule", gone, extra={"action": "retention.done"})
        return gone


def lines(planned: Plan, words: dict[str, str]) -> Sequence[str]:
    """For a person at a terminal: one line for each kind, with the rule that it goes by."""
    months = {each.stream.partition("/")[0]: each.months for each in planned.due}
    told = [
        f"{words.get(noun, noun)}: {things:,} things, {contents:,} contents (kept {months[noun]} months)"
        for noun, (things, contents) in planned.by_noun().items()
    ]
    if planned.photos:
        told.append(f"photos that nothing named: {len(planned.photos):,}")
    return told or ["nothing has to go"]
