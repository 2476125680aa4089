"""What a reporter is told of the facts: all steps that matter, no names, nothing from before that misleads."""

from datetime import UTC, datetime, timedelta

from hadir.domain import events as e
from hadir.domain import report, task
from hadir.domain.values import Place
from hadir.inbound.pages import story
from hadir.ports.journal import Fact

START = datetime(2026, 1, 7, 6, 0, tzinfo=UTC)


def fact(minute: int, event: e.Event, stream: str = "report/R", actor: str = "operator-1") -> Fact:
    return Fact(
        position=minute + 1,
        at=START + timedelta(minutes=minute),
        stream=stream,
        version=1,
        event=event,
        actor=actor,
        role="operator",
        channel="desk",
        cause=None,
        command_id=None,
        content=None,
    )


RECEIVED = e.ReportReceived(
    report_id="R", channel="api", origin="live", place=Place(), category="flood", urgency=3, reporter="x"
)
GIVEN = e.TaskGiven(task_id="T", incident_id="I", agency="bpbd", category="flood", place=Place())


def codes(*groups) -> list[str]:
    own, incident, tasks = groups
    return [s.code for s in story.steps(own, incident, tasks)]


def test_the_whole_way() -> None:
    own = [
        fact(0, RECEIVED),
        fact(2, e.ReportClaimed()),
        fact(3, e.ReportReleased()),
        fact(4, e.ReportClaimed()),
        fact(5, e.ReportJoined(incident_id="I")),
        fact(40, e.ReportAsked(incident_id="I")),
        fact(50, e.ReportDisputed()),
    ]
    work = [
        fact(6, GIVEN),
        fact(7, e.TaskAssigned(officer="petugas-1")),
        fact(8, e.TaskAccepted()),
        fact(9, e.TaskEnRoute()),
        fact(15, e.TaskOnScene()),
        fact(30, e.TaskDone(photos=1)),
        fact(39, e.TaskVerified()),
    ]
    there = "incident/I"
    incident = [fact(5, e.IncidentNoted(content="secret"), there), fact(51, e.IncidentReopened(), there)]
    told = "received read joined given accepted en_route on_scene done asked disputed reopened"
    assert codes(own, incident, [work]) == told.split()


def test_nothing_of_the_incident_shows_before_the_report_belongs_to_it() -> None:
    assert codes([fact(0, RECEIVED)], [fact(1, e.IncidentReopened(), "incident/I")], [[fact(1, GIVEN)]]) == ["received"]


def test_work_that_was_under_way_already_stands_after_the_joining_with_its_true_time() -> None:
    own = [fact(20, RECEIVED), fact(22, e.ReportJoined(incident_id="I"))]
    work = [fact(1, GIVEN), fact(2, e.TaskAccepted()), fact(10, e.TaskOnScene()), fact(30, e.TaskDone(photos=1))]
    told = story.steps(own, [], [work])
    assert [s.code for s in told] == ["received", "joined", "on_scene", "done"]
    assert told[2].at == START + timedelta(minutes=10)


def test_no_step_holds_a_persons_name() -> None:
    own = [fact(0, RECEIVED), fact(1, e.ReportClaimed()), fact(2, e.ReportJoined(incident_id="I"))]
    work = [fact(3, GIVEN), fact(4, e.TaskAssigned(officer="petugas-1")), fact(5, e.TaskAccepted(), actor="petugas-1")]
    for step in story.steps(own, [], [work]):
        assert "petugas" not in str(step.params) and "operator" not in str(step.params)


def test_stages() -> None:
    joined, states = report.State.JOINED, task.State
    assert story.stage(report.State.RECEIVED, []) == "received"
    assert story.stage(joined, []) == "joined"
    assert story.stage(joined, [states.GIVEN]) == "joined"
    assert story.stage(joined, [states.DONE, states.EN_ROUTE]) == "working"
    assert story.stage(joined, [states.DONE]) == "checking"
    assert story.stage(report.State.ASKED, [states.VERIFIED]) == "asked"


def test_every_step_and_stage_has_words() -> None:
    from hadir import words

    catalogue = words.load()
    made = {*story._REPORT.values(), *story._INCIDENT.values(), *story._TASK.values()}
    assert {f"track.step.{code}" for code in made} <= catalogue.keys


def test_a_merge_is_told_once_and_the_work_goes_on_where_it_was() -> None:
    own = [
        fact(0, RECEIVED),
        fact(2, e.ReportJoined(incident_id="I")),
        fact(20, e.ReportMoved(incident_id="J", left="I")),
    ]
    mine = [fact(3, GIVEN), fact(4, e.TaskAccepted()), fact(21, e.TaskMoved(incident_id="J", left="I"))]
    theirs = [
        fact(5, e.TaskGiven(task_id="U", incident_id="J", agency="dlh", category="tree", place=Place())),
        fact(6, e.TaskAccepted()),
        fact(30, e.TaskEnRoute()),
    ]
    opened = fact(1, e.IncidentOpened(incident_id="J", category="flood", place=Place()), "incident/J")
    reopened = [fact(10, e.IncidentReopened(), "incident/I"), fact(11, e.IncidentReopened(), "incident/J")]
    told = codes(own, [opened, *reopened], [mine, theirs])
    assert told == ["received", "joined", "given", "accepted", "reopened", "accepted", "moved", "en_route"]


def test_a_merge_that_was_undone_is_not_told_and_a_split_says_what_it_is() -> None:
    own = [
        fact(0, RECEIVED),
        fact(2, e.ReportJoined(incident_id="I")),
        fact(3, e.ReportMoved(incident_id="J", left="I")),
    ]
    back = fact(4, e.ReportMoved(incident_id="I", left="J"))
    assert codes([*own, back], [], []) == ["received", "joined"]
    opened = e.IncidentOpened(incident_id="J", category="flood", place=Place(), split_from="I")
    assert codes(own, [fact(3, opened, "incident/J")], []) == ["received", "joined", "split"]
