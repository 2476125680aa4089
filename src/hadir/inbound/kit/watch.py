"""What speaks against a report before anybody has read it, and the work that speaks for it.

Counted by phone, by address and by place. Who is over a limit may work for it: a number whose SHA-256 begins with so
many zero bits (docs/abuse.md). A task belongs to one phone and one command, and a command counts once, so an answer
cannot be used twice and nothing need be remembered of it. Who cannot work, or is over that limit too, is not refused:
the doubt goes with the report, and `domain.abuse` says what it means.

In memory, of this process; bounded whatever anybody sends.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

import msgspec

from hadir.actions.commands import ReceiveReport, Where
from hadir.actions.secrets import Secrets
from hadir.domain import abuse
from hadir.domain.abuse import AbuseRules, Pace
from hadir.domain.values import Actor, Reason
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.limits import Buckets, Rate
from hadir.ports.clock import Clock

#: where the answer to a task stands: «<task>:<number>»
EFFORT_HEADER = b"x-hadir-effort"
#: Somebody may leave the form open over lunch; a phone without signal asks anew when it has some.
TASK_LASTS = timedelta(hours=2)
#: Commands whose verdict is remembered, so that a phone that sends again is not counted again.
REMEMBERED = 8_192
#: Texts that are compared, and phones counted for each. 4,096 texts of up to 64 phones are at most some 20 MB.
TEXTS, PHONES = 4_096, 64
_SQUARE_DECIMALS = 2


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Find a number so that SHA-256 of «<task>:<number>» begins with `bits` zero bits."""

    task: str
    bits: int


class _Limit(NamedTuple):
    code: str
    key: str
    free: Buckets
    worked: Buckets


class Watch:
    """One per process, for reports of people who have not signed in. Touched from one loop only."""

    def __init__(self, rules: AbuseRules, clock: Clock, secrets: Secrets) -> None:
        self.rules = rules
        self._clock = clock
        self._secrets = secrets
        paces = {"device": rules.device, "address": rules.address, "network": rules.network, "area": rules.area}
        self._free = {name: Buckets(rate_of(pace), clock) for name, pace in paces.items()}
        self._worked = {name: Buckets(rate_of(pace, rules.worked), clock) for name, pace in paces.items()}
        self._known: OrderedDict[tuple[str, str], tuple[Reason, ...]] = OrderedDict()
        self._texts = _Texts(rules, clock)

    def doubted(self, caller: Caller, command: ReceiveReport, effort: str) -> Actor:
        """The caller as an actor, with what speaks against this report."""
        doubts = self.weigh(caller, command, effort)
        return replace(caller.actor, doubts=doubts) if doubts else caller.actor

    def weigh(self, caller: Caller, command: ReceiveReport, effort: str) -> tuple[Reason, ...]:
        """What speaks against this report. It is counted; a command that comes again is not."""
        if caller.account is not None:
            return ()
        me = (caller.actor.id, command.command_id)
        if (known := self._known.get(me)) is None:
            known = (*self._pace(caller, command, effort), *self._texts.seen(command.text, caller.actor.id))
            self._known[me] = known
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _pace(self, caller: Caller, command: ReceiveReport, effort: str) -> tuple[Reason, ...]:
        over = [limit for limit in self._limits(caller, place_of(command.place)) if limit.free.take(limit.key)]
        if over and self._has_worked(caller, command.command_id, effort):
            over = [limit for limit in over if limit.worked.take(limit.key)]
        return tuple(Reason(code=limit.code) for limit in over)

    def _limits(self, caller: Caller, place: str) -> list[_Limit]:
        """Which limits hold. This computer itself, without a device, is the operator's own and has none."""
        if caller.local and caller.device is None:
            return []
        named = [] if caller.device is None else [(abuse.TOO_FAST, "device", caller.actor.id)]
        if not caller.local:
            named.append((abuse.BUSY_ADDRESS, *network_of(caller.address)))
        if place:
            named.append((abuse.BUSY_AREA, "area", place))
        return [_Limit(code, key, self._free[name], self._worked[name]) for code, name, key in named]

    # ── work ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def task(self, caller: Caller, command_id: str, place: str = "") -> Task | None:
        """What this caller has to work for this command; None where no limit asks for it. Counts nothing."""
        if caller.account is not None:
            return None
        over = [limit for limit in self._limits(caller, place) if limit.free.left(limit.key) < 1]
        if not over:
            return None
        bits = abuse.bits_for(self.rules, max(limit.worked.spent(limit.key) for limit in over))
        until = int((self._clock.now() + TASK_LASTS).timestamp())
        return Task(task=self._seal(caller, command_id, bits, until), bits=bits)

    def _seal(self, caller: Caller, command_id: str, bits: int, until: int) -> str:
        """bits and end in hexadecimals, then what only we can make of them, this phone and this command."""
        return f"{bits:02x}{until:08x}{self._secrets.task(f'{bits}.{until}.{caller.actor.id}.{command_id}')}"

    def _has_worked(self, caller: Caller, command_id: str, effort: str) -> bool:
        task, colon, answer = effort.partition(":")
        try:
            bits, until = int(task[:2], 16), int(task[2:10], 16)
        except ValueError:
            return False
        ours = colon and self._secrets.same(task, self._seal(caller, command_id, bits, until))
        return bool(ours) and until >= self._clock.now().timestamp() and abuse.solves(task, answer, bits)


class _Texts:
    """Which texts came from how many phones lately."""

    def __init__(self, rules: AbuseRules, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._seen: OrderedDict[bytes, tuple[float, set[str]]] = OrderedDict()

    def seen(self, text: str, phone: str) -> tuple[Reason, ...]:
        """One more phone said this."""
        mark = abuse.print_of(text, self._rules)
        if mark is None:
            return ()
        now = self._clock.monotonic()
        began, phones = self._seen.get(mark, (now, set[str]()))
        if now - began > self._rules.same_text_within_min * 60:
            began, phones = now, set()
        if len(phones) < PHONES:
            phones.add(phone)
        self._seen[mark] = (began, phones)
        self._seen.move_to_end(mark)
        if len(self._seen) > TEXTS:
            self._seen.popitem(last=False)
        if len(phones) < self._rules.same_text_from:
            return ()
        many = f"{len(phones)}+" if len(phones) == PHONES else str(len(phones))
        return (Reason(code=abuse.SAME_TEXT, params=(("n", many),)),)


def rate_of(pace: Pace, times: int = 1) -> Rate:
    """A pace of the pack as a bucket's rate."""
    return Rate(per_second=pace.per_hour * times / 3600, burst=pace.at_once * times)


@lru_cache(maxsize=4096)
def network_of(address: str) -> tuple[str, str]:
    """(which pace, key): an IPv4 address as it is, an IPv6 one by its first 64 bits, which one phone has to itself."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "address", address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return "network", str(IPv6Address(int(ip) >> 64 << 64))
    return "address", str(ip.ipv4_mapped if isinstance(ip, IPv6Address) else ip)


def place_of(where: Where) -> str:
    """What counts as one area: the kelurahan that is said, else a square of about a kilometre."""
    if where.area:
        return where.area[:32]
    if where.lat is None or where.lon is None:
        return ""
    return f"{round(where.lat, _SQUARE_DECIMALS)},{round(where.lon, _SQUARE_DECIMALS)}"
