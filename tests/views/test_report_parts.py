"""A report with a recording and with photos that came later: each part of it can be erased, and only that part."""

from datetime import UTC, datetime
from itertools import combinations

import pytest

from hadir.domain import events as e
from hadir.domain.values import Place
from hadir.ports.journal import Fact
from hadir.views import erase, steps
from hadir.views.rows import ReportRow
from tests.world import CITY

LENS = steps.Lens(city=CITY)
FIRST, LATER = "a" * 64, "b" * 64
SAID = {
    "text": "Air selutut",
    "place": {"lat": -8.1, "lon": 112.1, "words": "gang"},
    "photos": [FIRST],
    "voice": {"id": "c" * 64, "type": "audio/webm"},
}


def fact(position: int, event: e.Event, content: str) -> Fact:
    return Fact(
        position=position,
        at=datetime(2026, 11, 24, 6, position, tzinfo=UTC),
        stream="report/R",
        version=position,
        event=event,
        actor="reporter/R",
        role="citizen",
        channel="citizen-web",
        cause=None,
        command_id=None,
        content=content,
    )


def row(gone: set[str]) -> ReportRow:
    received = e.ReportReceived(
        report_id="R",
        channel="citizen-web",
        origin="live",
        place=Place(how="gps"),
        category="flood",
        urgency=2,
        reporter="p",
        photos=1,
        voice=True,
        to_come=1,
        suggested="drain",
    )
    first, later = fact(1, received, "said"), fact(2, e.ReportPhotosCame(photos=1), "later")
    made = steps.received(first, received, {} if "said" in gone else SAID, LENS)
    told = steps.Told(row=made, fact=later, said={} if "later" in gone else {"photos": [LATER]}, lens=LENS)
    return steps.AFTER["reports"](told)


def test_the_row_has_it_all() -> None:
    whole = row(set())
    assert [photo.id for photo in whole.photos] == [FIRST, LATER]
    assert (whole.to_come, whole.suggested) == (0, "drain")
    assert whole.voice is not None and whole.voice.type == "audio/webm"


@pytest.mark.parametrize("gone", [set(some) for n in (1, 2) for some in combinations(("said", "later"), n)])
def test_what_is_erased_is_as_if_it_had_never_been_read(gone: set[str]) -> None:
    blank = erase.blanked("reports", row(set()), gone)
    made = row(gone)
    shown = ("text", "photos", "voice", "place", "to_come", "came_later", "suggested")
    assert {name: getattr(blank, name) for name in shown} == {name: getattr(made, name) for name in shown}
