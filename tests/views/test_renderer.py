"""A report is encoded once, for the tables and for the screens; nothing private slips through."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.people import Sight
from hadir.views.audience import Renderer, fields_of
from hadir.views.rows import PlaceRow, ReasonRow, ReportRow, stored

AT = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)
#: Texts that try to look like the JSON around them.
nasty = (
    st.sampled_from(['","vulnerable":["x', ',"refs":{', '},"ref":"', "\\", '"', ',\\"ref\\":', "]}", "air"]) | st.text()
)
words = st.lists(nasty, max_size=3).map("".join)


def report(**fields: Any) -> ReportRow:
    plain: dict[str, Any] = {
        "id": "r1",
        "ref": "r1",
        "state": "received",
        "version": 1,
        "place": PlaceRow(),
        "since": AT,
    }
    plain |= {"state_at": AT, "channel": "citizen-web", "origin": "live", "category": "flood", "urgency": 2}
    return ReportRow(**{**plain, **fields})


reports = st.builds(
    report,
    text=words,
    place=st.builds(PlaceRow, words=st.none() | words, area=words),
    refs=st.dictionaries(words, words, max_size=2),
    vulnerable=st.lists(words, max_size=3).map(tuple),
    category_reasons=st.builds(ReasonRow, code=words, params=st.dictionaries(words, words, max_size=2)).map(
        lambda r: (r,)
    ),
)


@given(reports)
def test_what_is_cut_from_the_stored_report_is_the_report_without_its_private_fields(row: ReportRow) -> None:
    whole = msgspec.json.decode(stored(row))
    shown = Renderer().row("reports", row, Sight.CITY)
    assert shown == msgspec.json.encode({name: whole[name] for name in fields_of(Sight.CITY, "reports")})


def test_the_tables_get_the_bytes_of_the_very_row_that_was_shown() -> None:
    renderer, row = Renderer(), report(text="air")
    renderer.row("reports", row, Sight.CITY)
    changed = report(text="dry")
    assert renderer.stored(row) == stored(row)
    assert renderer.stored(changed) == stored(changed)
    renderer.written()
    assert renderer.stored(row) == stored(row)
