"""A commander and an officer talk about one order over a line that loses, doubles and reorders messages.

What must hold whatever the line does: nothing is understood that was not said back right, or listened to; an answer to
an older version counts for nothing; nobody but the two changes the order; a deadline is missed at most once a version,
and never after its step has come; an order ends once.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hadir.actions.decision import Done
from hadir.actions.timers import Timers
from hadir.domain import events as e
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor
from hadir.ports.journal import Fact
from hadir.storage.memory.cursors import MemoryCursors
from tests.world import World, account, make_world

AREA, OTHER_AREA = "35.72.03.1002", "35.72.03.1001"
OPERATOR, LEADER, OFFICER, STRANGER = (account(id) for id in ("operator", "pimpinan", "petugas-1", "petugas-2"))
VOICES = tuple(b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00" + bytes([n]) * 200 for n in range(2))
#: sentences of the domain's own: what the API may answer to a late, doubled or wrong message
KNOWN = frozenset(
    {"wrong_state", "order_corrected", "read_back_differs", "read_back_changed", "not_yours", "not_your_role"}
    | {"too_busy", "incident_not_open"}
)
WRONG = {"area": OTHER_AREA, "action": "pump", "within_min": 7}
AT_ONCE = st.sampled_from([True, True, True, False])
#: so many messages before somebody gives up: most talks get as far as a task
LONG = 12


@dataclass(frozen=True)
class Message:
    """A command on its way: made once, with one id, carried any number of times."""

    who: Actor
    verb: str
    command_id: str
    body: dict[str, Any] = field(default_factory=dict)


class Talk(RuleBasedStateMachine):
    """The two make messages of what they see; the line carries them in any order, twice, or never."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world: World = make_world()
        self.line: list[Message] = []
        self.said_of: dict[str, int] = {}
        self.answers: dict[str, tuple[Any, ...]] = {}
        self.made = 0

    def teardown(self) -> None:
        self.loop.close()

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize(minutes=st.sampled_from([10, 30, 30]))
    def an_order_is_given(self, minutes: int) -> None:
        place = {"how": "list", "area": AREA}
        incident = self.run(self.world.done(OPERATOR, "incidents", category="flood", place=place)).id
        self.id = self.run(
            self.world.done(
                LEADER, "orders", incident_id=incident, to="petugas-1", action="check", within_min=minutes, place=place
            )
        ).id
        self.voices = [self.run(self.world.ctx.blobs.put(data)) for data in VOICES]
        self.cursors = MemoryCursors()
        self.timers = Timers(self.world.ctx, self.cursors)
        self.read_to = self.run(self.timers.begin())

    # ── what the two say ─────────────────────────────────────────────────────────────────────────────────────────

    def say(self, who: Actor, verb: str, at_once: bool, **body: Any) -> None:
        """Most messages arrive at once; all of them may come again, later, in any order."""
        self.made += 1
        message = Message(who, verb, f"message-{self.made}", body)
        self.line.append(message)
        if "said_version" in body:
            self.said_of[message.command_id] = body["said_version"]
        if at_once:
            self.carry(message)

    def carry(self, message: Message) -> None:
        press = self.world.press(
            message.who, "orders", self.id, message.verb, command_id=message.command_id, **message.body
        )
        self.judge(message, self.run(press))

    def said(self) -> e.OrderSent | e.OrderCorrected:
        return [f.event for f in self.facts() if isinstance(f.event, e.OrderSent | e.OrderCorrected)][-1]

    def version(self) -> int:
        return getattr(self.said(), "said_version", 1)

    @rule(times=st.integers(1, 4), at_once=AT_ONCE, wrong=st.sampled_from([None, None, "area"]))
    def they_go_on(self, times: int, at_once: bool, wrong: str | None) -> None:
        """What the order's state asks of one of them, as people do most of the time."""
        for _ in range(times):
            self._goes_on(at_once, wrong)

    def _goes_on(self, at_once: bool, wrong: str | None) -> None:
        match self.facts()[-1].event:
            case e.OrderSent() | e.OrderCorrected() | e.OrderDelivered():
                self.the_officer_presses("see", True, at_once)
            case e.OrderSeen():
                self.the_officer_says_it_back(wrong, at_once)
            case e.OrderReadBack():
                self.the_commander_says_right(at_once)
            case e.OrderConfirmed():
                self.the_officer_presses("accept", True, at_once)

    @rule(verb=st.sampled_from(["deliver", "see", "accept"]), told=st.booleans(), at_once=AT_ONCE)
    def the_officer_presses(self, verb: str, told: bool, at_once: bool) -> None:
        self.say(OFFICER, verb, at_once, **({"said_version": self.version()} if told else {}))

    @rule(wrong=st.sampled_from([None, None, None, "area", "action", "within_min"]), at_once=AT_ONCE)
    def the_officer_says_it_back(self, wrong: str | None, at_once: bool) -> None:
        said = self.said()
        right = {"area": said.place.area, "action": said.action, "within_min": said.within_min}
        heard = right if wrong is None else right | {wrong: WRONG[wrong]}
        self.say(OFFICER, "read-back", at_once, **heard, said_version=self.version())

    @rule(voice=st.integers(0, 1), at_once=AT_ONCE)
    def the_officer_speaks_it_back(self, voice: int, at_once: bool) -> None:
        self.say(OFFICER, "read-back", at_once, voice=self.voices[voice], said_version=self.version())

    @precondition(lambda self: self.version() > 1)
    @rule(verb=st.sampled_from(["see", "accept", "read-back"]))
    def an_answer_to_the_version_before_comes_late(self, verb: str) -> None:
        voice = {"voice": self.voices[0]} if verb == "read-back" else {}
        self.say(OFFICER, verb, True, said_version=self.version() - 1, **voice)

    @precondition(lambda self: self.made > LONG)
    @rule(at_once=AT_ONCE)
    def the_officer_cannot(self, at_once: bool) -> None:
        self.say(OFFICER, "refuse", at_once, reason="Jalan putus")

    @rule(at_once=AT_ONCE)
    def the_commander_says_right(self, at_once: bool) -> None:
        self.say(LEADER, "confirm", at_once, seen_version=len(self.facts()))

    @precondition(lambda self: self.made > LONG // 3)
    @rule(action=st.sampled_from(["check", "measure"]), at_once=AT_ONCE)
    def the_commander_corrects(self, action: str, at_once: bool) -> None:
        self.say(LEADER, "correct", at_once, action=action, within_min=30)

    @precondition(lambda self: self.made > LONG)
    @rule(at_once=AT_ONCE)
    def the_commander_takes_it_back(self, at_once: bool) -> None:
        self.say(LEADER, "cancel", at_once, reason="Tidak perlu")

    @rule(verb=st.sampled_from(["deliver", "see", "accept", "confirm"]))
    def a_stranger_tries(self, verb: str) -> None:
        self.say(STRANGER, verb, True)

    # ── what the line does ───────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.line)
    @rule(which=st.integers(0, 1000))
    def a_message_arrives_in_any_order_and_may_come_again(self, which: int) -> None:
        self.carry(self.line[which % len(self.line)])

    @precondition(lambda self: self.line)
    @rule(which=st.integers(0, 1000))
    def a_message_is_lost(self, which: int) -> None:
        self.line.pop(which % len(self.line))

    def judge(self, message: Message, outcome: Done | Refusal) -> None:
        """Refusals are known sentences; the same message gets the same answer for ever; a stranger gets none."""
        if isinstance(outcome, Refusal):
            assert outcome.code in KNOWN, outcome
        told = (outcome.code,) if isinstance(outcome, Refusal) else (outcome.id, outcome.position, outcome.version)
        assert self.answers.setdefault(message.command_id, told) == told
        assert message.who is not STRANGER or isinstance(outcome, Refusal)

    @precondition(lambda self: self.made > LONG)
    @rule()
    def half_an_hour_passes(self) -> None:
        self.time_passes(1801, crashed=False)

    @rule(seconds=st.sampled_from([1, 14, 59, 61, 121]), crashed=st.booleans())
    def a_moment_passes(self, seconds: int, crashed: bool) -> None:
        self.time_passes(seconds, crashed)

    def time_passes(self, seconds: int, crashed: bool) -> None:
        self.world.clock.advance(seconds)
        if crashed:
            self.timers = Timers(self.world.ctx, self.cursors)
            self.read_to = self.run(self.timers.begin())
        else:
            self.read_to = self.run(self.timers.catch_up(self.read_to))
        self.run(self.timers.fire())
        self.read_to = self.run(self.timers.catch_up(self.read_to))

    # ── what must hold ───────────────────────────────────────────────────────────────────────────────────────────

    def facts(self) -> list[Fact]:
        return self.run(self.world.ctx.journal.read_stream(f"order/{self.id}"))

    @invariant()
    def nothing_is_understood_that_was_not_said_back_right(self) -> None:
        said: tuple[Any, ...] = ()
        heard: e.OrderReadBack | None = None
        confirmed = False
        for event in (f.event for f in self.facts()):
            match event:
                case e.OrderSent() | e.OrderCorrected():
                    said, heard, confirmed = (event.place.area, event.action, event.within_min), None, False
                case e.OrderReadBack():
                    heard = event
                case e.OrderConfirmed():
                    assert heard is not None
                    assert heard.spoken or (heard.area, heard.action, heard.within_min) == said
                    confirmed = True
                case e.OrderAccepted():
                    assert confirmed

    @invariant()
    def an_answer_to_an_older_version_counts_for_nothing(self) -> None:
        version = 1
        for fact in self.facts():
            version = getattr(fact.event, "said_version", version)
            if fact.command_id in self.said_of:
                assert self.said_of[fact.command_id] == version, fact.event.kind

    @invariant()
    def only_the_two_and_the_rules_change_it(self) -> None:
        for fact in self.facts():
            match fact.event:
                case e.OrderDelivered() | e.OrderSeen() | e.OrderReadBack() | e.OrderAccepted() | e.OrderRefused():
                    assert fact.actor == OFFICER.id
                case e.OrderOverdue() | e.OrderExpired():
                    assert fact.actor == "system:rules"
                case _:
                    assert fact.actor == LEADER.id

    @invariant()
    def a_deadline_is_missed_once_a_version_and_never_after_its_step_came(self) -> None:
        came: set[str] = set()
        missed: set[str] = set()
        for event in (f.event for f in self.facts()):
            match event:
                case e.OrderCorrected():
                    came, missed = set(), set()
                case e.OrderOverdue(step=step):
                    assert step not in missed | came
                    missed.add(step)
                case _:
                    came.add(event.kind.partition(".")[2])

    @invariant()
    def it_ends_once_and_makes_one_task(self) -> None:
        kinds = [f.event.kind for f in self.facts()]
        ends = {"order.refused", "order.cancelled", "order.expired", "order.accepted"}
        assert sum(kind in ends for kind in kinds) <= 1
        tasks = [f for f in self.run(self.world.facts("task/")) if isinstance(f.event, e.TaskGiven)]
        assert len(tasks) == kinds.count("order.accepted")


Talk.TestCase.settings = settings(
    max_examples=80, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestTalk = Talk.TestCase
