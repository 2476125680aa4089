"""What a reporter adds, on the boards: new to each desk until it has read it, and on the board even after the end."""

from typing import Any

from hadir.domain import events as e
from hadir.domain.values import Actor
from hadir.views.erase import blanked
from tests.views.world import OPERATOR, World

DESK = Actor(id="opd-bpbd", role="desk", agency="bpbd")
SYSTEM = Actor(id="system", role="system")


def reporter(id: str) -> Actor:
    return Actor(id=f"reporter/{id}", role="citizen")


def added(world: World, report: str, text: str = "makin naik") -> None:
    world.tell(f"report/{report}", e.ReportFollowedUp(photos=1), reporter(report), {"text": text, "photos": ["d" * 64]})


def joined(world: World) -> tuple[str, str]:
    report, incident = world.receive(), world.open()
    world.tell(f"report/{report}", e.ReportJoined(incident_id=incident))
    world.give(incident)
    return report, incident


def shown(world: World, audience: str, report: str) -> dict[str, Any] | None:
    return world.board(audience)["reports"].get(report)


def new_to(world: World, audience: str, report: str, desk: str) -> int:
    row = shown(world, audience, report)
    assert row is not None
    return row["talk"]["told"] - row["talk"]["heard"].get(desk, 0)


def test_each_desk_reads_for_itself() -> None:
    world = World()
    report, _ = joined(world)
    added(world, report)
    assert new_to(world, "city", report, "") == new_to(world, "agency:bpbd", report, "bpbd") == 1
    world.tell(f"report/{report}", e.ReportHeard(agency="bpbd"), DESK)
    assert (new_to(world, "city", report, ""), new_to(world, "agency:bpbd", report, "bpbd")) == (1, 0)
    world.tell(f"report/{report}", e.ReportHeard(), OPERATOR)
    assert new_to(world, "city", report, "") == 0
    added(world, report, "sekarang surut")
    assert new_to(world, "agency:bpbd", report, "bpbd") == 1


def test_what_came_while_the_key_was_pressed_is_still_to_be_read() -> None:
    world = World()
    report, _ = joined(world)
    added(world, report)
    added(world, report, "sekarang sepinggang")
    world.tell(f"report/{report}", e.ReportHeard(agency="bpbd", told=1), DESK)
    assert new_to(world, "agency:bpbd", report, "bpbd") == 1
    world.tell(f"report/{report}", e.ReportQuestioned(question_id="q", told=1), OPERATOR, {"text": "Setinggi apa?"})
    assert new_to(world, "city", report, "") == 1
    world.tell(f"report/{report}", e.ReportHeard(agency="bpbd", told=9), DESK)
    world.tell(f"report/{report}", e.ReportHeard(agency="bpbd", told=1), DESK)
    assert new_to(world, "agency:bpbd", report, "bpbd") == 0


def test_words_are_masked_and_photos_are_there() -> None:
    world = World()
    report, _ = joined(world)
    added(world, report, "telepon saya 0812-3456-7890")
    row = shown(world, "agency:bpbd", report)
    assert row is not None
    (line,) = row["talk"]["lines"]
    assert "3456" not in line["text"] and line["photos"] == [{"id": "d" * 64}] and line["kind"] == "follow_up"


def test_an_answer_ends_the_waiting_of_its_question_only() -> None:
    world = World()
    report, _ = joined(world)
    world.tell(f"report/{report}", e.ReportQuestioned(question_id="q1"), OPERATOR, {"text": "Di mana?"})
    added(world, report)
    assert world.picture.reports[report].talk.question == "q1"  # type: ignore[union-attr]
    world.tell(f"report/{report}", e.ReportFollowedUp(answers="q1"), reporter(report), {"text": "Musala"})
    talk = world.picture.reports[report].talk
    assert talk is not None and talk.question is None
    assert [line.kind for line in talk.lines] == ["question", "follow_up", "answer"] and talk.new == 2


def ended(world: World) -> str:
    report, incident = joined(world)
    world.tell(f"incident/{incident}", e.IncidentResolved(), SYSTEM)
    world.tell(f"report/{report}", e.ReportAsked(incident_id=incident), SYSTEM)
    world.tell(f"report/{report}", e.ReportConfirmed(), reporter(report))
    world.tell(f"incident/{incident}", e.IncidentClosed())
    return report


def test_after_the_end_it_is_on_the_board_of_every_desk_that_it_concerns_until_that_has_read_it() -> None:
    world = World()
    report = ended(world)
    assert shown(world, "city", report) is None and shown(world, "agency:bpbd", report) is None
    added(world, report)
    assert new_to(world, "city", report, "") == new_to(world, "agency:bpbd", report, "bpbd") == 1
    assert shown(world, "agency:dlh", report) is None and world.board("agency:bpbd")["incidents"] == {}
    world.tell(f"report/{report}", e.ReportHeard(), OPERATOR)
    assert shown(world, "city", report) is None and new_to(world, "agency:bpbd", report, "bpbd") == 1
    world.tell(f"report/{report}", e.ReportHeard(agency="bpbd"), DESK)
    assert shown(world, "agency:bpbd", report) is None


def test_an_agency_that_read_first_leaves_it_to_the_command_centre() -> None:
    world = World()
    report = ended(world)
    added(world, report)
    world.tell(f"report/{report}", e.ReportHeard(agency="bpbd"), DESK)
    assert shown(world, "agency:bpbd", report) is None and new_to(world, "city", report, "") == 1


def test_what_was_not_read_at_the_closing_waits_on_and_a_report_taken_out_is_no_agency_s() -> None:
    world = World()
    report, incident = joined(world)
    added(world, report)
    world.tell(f"incident/{incident}", e.IncidentResolved(), SYSTEM)
    world.tell(f"incident/{incident}", e.IncidentClosed())
    assert new_to(world, "agency:bpbd", report, "bpbd") == 1
    other, elsewhere = joined(world)
    added(world, other)
    world.tell(f"report/{other}", e.ReportLeft(incident_id=elsewhere))
    assert shown(world, "agency:bpbd", other) is None and new_to(world, "city", other, "") == 1


def test_a_rating_is_no_news_and_its_words_are_a_line() -> None:
    world = World()
    report, incident = joined(world)
    rated = e.ReportRated(result="poor", incident=incident, agencies=("bpbd",))
    world.tell(f"report/{report}", rated, reporter(report), {"text": "lama"})
    talk = world.picture.reports[report].talk
    assert talk is not None and (talk.rating, talk.new, talk.lines[0].kind) == ("poor", 0, "rating")


def test_what_was_erased_leaves_its_line_and_no_word() -> None:
    world = World()
    report, _ = joined(world)
    added(world, report)
    row = world.picture.reports[report]
    assert row.talk is not None and row.talk.lines[0].content
    blank = blanked("reports", row, {row.talk.lines[0].content})
    assert blank.talk.lines[0].text == "" and blank.talk.lines[0].photos == () and blank.talk.told == 1
