"""Random people press random keys: whatever the rules let through keeps the promises of the domain."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hadir.domain import events as e
from hadir.domain import flood, incident, order, report, task
from hadir.domain.city import FloodRules
from hadir.domain.machine import allowed
from hadir.domain.people import Account, Role
from hadir.domain.refusals import Refusal
from hadir.domain.values import Actor, Place, Reason

START = datetime(2026, 1, 7, 6, 0, tzinfo=UTC)
PLACE = Place(area="a1", how="list")
RULES = FloodRules(
    confirm_reporters=3,
    confirm_within_min=60,
    photo_points=1.0,
    depth_points=1.0,
    officer_confirms=True,
    deep_cm=70,
    minor_cm=10,
    moderate_cm=71,
    severe_cm=150,
)
OFFICERS = {
    f"petugas-{n}": Account(id=f"petugas-{n}", name=f"Petugas {n}", role=Role.OFFICER, agency=agency)
    for n, agency in enumerate(("bpbd", "bpbd", "dlh"), start=1)
}
PEOPLE = [
    Actor(id="operator", role=Role.OPERATOR),
    Actor(id="operator-2", role=Role.OPERATOR),
    Actor(id="pimpinan", role=Role.LEADER),
    Actor(id="opd-bpbd", role=Role.DESK, agency="bpbd"),
    Actor(id="opd-dlh", role=Role.DESK, agency="dlh"),
    Actor(id="auditor", role=Role.AUDITOR),
    Actor(id="reporter/r1", role=Role.CITIZEN),
    *(Actor(id=a.id, role=a.role, agency=a.agency) for a in OFFICERS.values()),
]
people = st.sampled_from(PEOPLE)


class Reports(RuleBasedStateMachine):
    """One report under many hands."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        received = e.ReportReceived(
            report_id="r1",
            channel="web",
            origin="live",
            place=PLACE,
            category="flood",
            urgency=2,
            reporter="p1",
            doubts=(Reason(code="doubt.too_fast"),),
        )
        self.report = report.evolve(None, received, START, "reporter/r1")
        self.answered_by: str | None = None

    presses = st.sampled_from(
        [
            ("report.claim", e.ReportClaimed()),
            ("report.release", e.ReportReleased()),
            ("report.dismiss", e.ReportDismissed(disposition="prank")),
            ("report.restore", e.ReportRestored()),
            ("report.admit", e.ReportAdmitted()),
            ("report.hold", e.ReportHeld()),
            ("report.join", e.ReportJoined(incident_id="i1")),
            ("report.join", e.ReportJoined(incident_id="i2")),
            ("report.leave", e.ReportLeft(incident_id="i1")),
            ("report.join", e.ReportMoved(incident_id="i2", left="i1")),
            ("report.confirm", e.ReportConfirmed()),
            ("report.dispute", e.ReportDisputed()),
            ("report.add_photos", e.ReportPhotosCame(photos=1)),
        ]
    )

    @rule(actor=people, press=presses, minutes=st.integers(0, 4))
    def press(self, actor: Actor, press: tuple[str, e.Event], minutes: int) -> None:
        verb, event = press
        self.now += timedelta(minutes=minutes)
        if isinstance(report.decide(self.report, event, verb, actor, self.now), Refusal):
            return
        if isinstance(event, e.ReportClaimed) and self.report.claimed_by not in (None, actor.id):
            assert self.report.claimed_at is not None
            assert self.now - self.report.claimed_at >= report.CLAIM_HOLDS
        self.report = report.evolve(self.report, event, self.now, actor.id)
        if isinstance(event, e.ReportConfirmed | e.ReportDisputed):
            self.answered_by = actor.id

    @rule()
    def the_city_asks(self) -> None:
        event = e.ReportAsked(incident_id=self.report.incident or "")
        if allowed(report.TABLE, self.report.state, type(event)):
            self.report = report.evolve(self.report, event, self.now, "system:rules")

    @invariant()
    def what_it_belongs_to_fits_its_state(self) -> None:
        apart = self.report.state in (report.State.RECEIVED, report.State.HELD, report.State.DISMISSED)
        assert (self.report.incident is None) == apart

    @invariant()
    def only_what_waits_is_claimed(self) -> None:
        assert self.report.claimed_by is None or self.report.state is report.State.RECEIVED

    @invariant()
    def only_the_reporter_answers(self) -> None:
        assert self.answered_by in (None, "reporter/r1")


class Tasks(RuleBasedStateMachine):
    """One task between two agencies and three officers."""

    def __init__(self) -> None:
        super().__init__()
        given = e.TaskGiven(task_id="t1", incident_id="i1", agency="bpbd", category="flood", place=PLACE)
        self.task = task.evolve(None, given)
        self.worked: set[str] = set()

    presses = st.sampled_from(
        [
            ("task.assign", e.TaskAssigned(officer="petugas-1")),
            ("task.assign", e.TaskAssigned(officer="petugas-2")),
            ("task.assign", e.TaskAssigned(officer="petugas-3")),
            ("task.unassign", e.TaskUnassigned()),
            ("task.accept", e.TaskAccepted()),
            ("task.decline", e.TaskDeclined()),
            ("task.depart", e.TaskEnRoute()),
            ("task.arrive", e.TaskOnScene()),
            ("task.finish", e.TaskDone(photos=1)),
            ("task.finish", e.TaskDone(photos=0)),
            ("task.verify", e.TaskVerified()),
            ("task.send_back", e.TaskSentBack()),
            ("task.cancel", e.TaskCancelled()),
            ("task.offer", e.TaskOffered(to_agency="dlh")),
            ("task.offer", e.TaskOffered(to_agency="bpbd")),
            ("task.take", e.TaskTaken(agency="dlh")),
            ("task.take", e.TaskTaken(agency="bpbd")),
            ("task.return", e.TaskReturned()),
        ]
    )

    @rule(actor=people, press=presses)
    def press(self, actor: Actor, press: tuple[str, e.Event]) -> None:
        verb, event = press
        if isinstance(event, e.TaskTaken) and event.agency != actor.agency:
            return  # the use case writes the taker's own agency into the fact
        named = OFFICERS.get(event.officer) if isinstance(event, e.TaskAssigned) else None
        if isinstance(task.decide(self.task, event, verb, actor, named), Refusal):
            return
        before = self.task
        self.task = task.evolve(before, event)
        self.promises(before, event, actor)

    def promises(self, before: task.Task, event: e.Event, actor: Actor) -> None:
        match event:
            case e.TaskAccepted():
                self.worked.add(actor.id)
            case e.TaskVerified():
                assert actor.id not in self.worked
            case e.TaskDone(photos=photos):
                assert photos > 0 and actor.id == before.officer
            case e.TaskOffered(to_agency=agency):
                assert self.task.agency == before.agency != agency, "the giver owns it until it is taken"
            case e.TaskTaken():
                assert before.offered_to == actor.agency

    @invariant()
    def whoever_holds_it_is_of_the_owning_agency(self) -> None:
        assert self.task.officer is None or OFFICERS[self.task.officer].agency == self.task.agency

    @invariant()
    def nothing_ended_waits_for_another_agency_s_answer_and_moves(self) -> None:
        if self.task.state in task.ENDED:
            assert not task.TABLE[self.task.state]


class Orders(RuleBasedStateMachine):
    """One order between a commander and an officer, with others in the way."""

    def __init__(self) -> None:
        super().__init__()
        sent = e.OrderSent(
            order_id="o1", incident_id="i1", to="petugas-1", agency="bpbd", action="check", place=PLACE, within_min=30
        )
        self.order = order.evolve(None, sent, "pimpinan")
        self.steps: list[type[e.Event]] = []

    presses = st.sampled_from(
        [
            ("order.deliver", e.OrderDelivered()),
            ("order.see", e.OrderSeen()),
            ("order.read_back", e.OrderReadBack(area="a1", action="check", within_min=30)),
            ("order.read_back", e.OrderReadBack(area="a1", action="pump", within_min=30)),
            ("order.confirm", e.OrderConfirmed()),
            ("order.correct", e.OrderCorrected(action="pump", place=PLACE, within_min=30, said_version=2)),
            ("order.accept", e.OrderAccepted(task_id="t1")),
            ("order.refuse", e.OrderRefused()),
            ("order.cancel", e.OrderCancelled()),
            ("order.cancel", e.OrderSuperseded(by_order="o2")),
        ]
    )

    @rule(actor=people, press=presses)
    def press(self, actor: Actor, press: tuple[str, e.Event]) -> None:
        verb, event = press
        if isinstance(order.decide(self.order, event, verb, actor), Refusal):
            return
        mine = {e.OrderConfirmed, e.OrderCorrected, e.OrderCancelled, e.OrderSuperseded}
        assert actor.id == ("pimpinan" if type(event) in mine else "petugas-1")
        if isinstance(event, e.OrderConfirmed):
            assert order.differs(self.order) == ()
        self.order = order.evolve(self.order, event, actor.id)
        self.steps.append(type(event))

    @invariant()
    def nothing_is_accepted_that_was_not_said_back_right(self) -> None:
        if self.order.state is order.State.ACCEPTED:
            assert self.order.read_back == self.order.said
            last = len(self.steps) - 1 - self.steps[::-1].index(e.OrderConfirmed)
            assert e.OrderCorrected not in self.steps[last:]

    @invariant()
    def a_correction_is_said_back_anew(self) -> None:
        if self.order.state in (order.State.SENT, order.State.DELIVERED, order.State.SEEN):
            assert self.order.read_back is None


class Floods(RuleBasedStateMachine):
    """One area under signs and people."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.flood = flood.Flood(area="a1")

    @rule(
        witness=st.sampled_from(["p1", "p2", "p3", "p4"]),
        depth=st.sampled_from([None, 20, 80]),
        photo=st.booleans(),
        officer=st.booleans(),
        minutes=st.integers(0, 50),
        through=st.sampled_from([None, None, "p4"]),
    )
    def sign(
        self, witness: str, depth: int | None, photo: bool, officer: bool, minutes: int, through: str | None
    ) -> None:
        self.now += timedelta(minutes=minutes)
        source = "officer" if officer else "citizen"
        through = None if witness == "p4" else through  # «p4» is a key too: unnamed, and naming others
        seen = e.AreaFloodReported(source=source, witness=witness, depth_cm=depth, photo=photo, through=through)
        events = flood.on_sign(self.flood, seen, RULES, self.now)
        for event in events:
            self.flood = flood.evolve(self.flood, event, self.now)
        if any(isinstance(event, e.AreaFloodConfirmed) for event in events):
            hour = [s for s in self.flood.signs if self.now - s.at <= timedelta(minutes=60)]
            named = {s.through for s in hour if s.source == "citizen"}
            assert len({s.witness for s in hour if s.source == "citizen"} - named) >= 2 or any(
                s.source == "officer" for s in hour
            ), "one person alone never confirms a flood, nor a key that names nobody"
        assert self.flood.state is not flood.State.NO_NEWS

    @rule(actor=people, event=st.sampled_from([e.AreaFloodDeclared(), e.AreaFloodReceding(), e.AreaFloodOver()]))
    def person(self, actor: Actor, event: e.Event) -> None:
        verbs = {e.AreaFloodDeclared: "area.declare", e.AreaFloodReceding: "area.recede", e.AreaFloodOver: "area.end"}
        if flood.decide(self.flood, event, verbs[type(event)], actor) is None:
            assert actor.role in (Role.OPERATOR, Role.LEADER)
            self.flood = flood.evolve(self.flood, event, self.now)

    @rule(hours=st.integers(1, 48))
    def silence(self, hours: int) -> None:
        """Time alone changes nothing: there is no event of it."""
        self.now += timedelta(hours=hours)

    @invariant()
    def over_forgets_the_signs(self) -> None:
        if self.flood.state is flood.State.OVER:
            assert self.flood.signs == ()


class Incidents(RuleBasedStateMachine):
    """One incident."""

    def __init__(self) -> None:
        super().__init__()
        self.incident = incident.evolve(None, e.IncidentOpened(incident_id="i1", category="flood", place=PLACE))

    presses = st.sampled_from(
        [
            ("incident.grade", e.IncidentGraded(severity="severe")),
            ("incident.grade", e.IncidentGraded(level=2)),
            ("incident.grade", e.IncidentGraded(severity="enormous")),
            ("incident.grade", e.IncidentGraded(level=5)),
            ("incident.grade", e.IncidentGraded()),
            ("incident.note", e.IncidentNoted()),
            ("incident.second", e.IncidentSeconded(reporter="p1")),
            ("incident.resolve", e.IncidentResolved()),
            ("incident.reopen", e.IncidentReopened()),
            ("incident.close", e.IncidentClosed()),
        ]
    )

    @rule(actor=people, press=presses)
    def press(self, actor: Actor, press: tuple[str, e.Event]) -> None:
        verb, event = press
        before = self.incident
        subject = before.subject(frozenset({"bpbd"}), frozenset({"petugas-1"}))
        if isinstance(incident.decide(before, event, verb, actor, subject), Refusal):
            return
        self.incident = incident.evolve(before, event)
        if isinstance(event, e.IncidentSeconded):
            assert len(self.incident.seconded) == len(before.seconded) + 1, "each person counts once"

    @invariant()
    def grades_are_of_the_scale(self) -> None:
        assert self.incident.severity in (None, *incident.SEVERITIES)
        assert self.incident.level in (None, *incident.LEVELS)


quick = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestReports = Reports.TestCase
TestTasks = Tasks.TestCase
TestOrders = Orders.TestCase
TestFloods = Floods.TestCase
TestIncidents = Incidents.TestCase
for case in (TestReports, TestTasks, TestOrders, TestFloods, TestIncidents):
    case.settings = quick
