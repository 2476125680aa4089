"""Journals recorded by earlier versions: today's program reads every fact, and comes to the same states.

`NAME.jsonl` is made by tools/record_history.py and never changed. `NAME.states.json` says what became of each thing;
when a rule has rightly changed what old facts mean, write it anew with HADIR_WRITE_STATES=1 and say why in the commit.
"""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hadir.domain.events import KINDS
from hadir.ports.journal import FactWithContent, UnreadableFact
from hadir.storage.codec import Codec
from hadir.storage.history import read_history
from hadir.views.picture import Picture
from tests.world import CITY

HERE = Path(__file__).parent
HISTORIES = sorted(HERE.glob("*.jsonl"))
CODEC = Codec(KINDS)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def facts(path: Path) -> list[FactWithContent]:
    return list(read_history(lines(path), CODEC))


def states(history: list[FactWithContent]) -> dict[str, Any]:
    """State and version of each thing that the history touched, by the same fold that the board uses."""
    picture = Picture(CITY)
    for fact, content in history:
        picture.apply(fact, content)
    touched = {fact.stream for fact, _ in history}
    rows = {
        f"{group.removesuffix('s')}/{id}": {"state": row.state, "version": row.version}
        for group, rows in picture.groups.items()
        for id, row in rows.items()
    }
    return {stream: rows[stream] for stream in sorted(touched)}


def test_there_are_recorded_histories() -> None:
    assert HISTORIES


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_every_recorded_fact_is_read(path: Path) -> None:
    history = facts(path)
    assert [fact.position for fact, _ in history] == list(range(1, len(lines(path)) + 1))
    versions: dict[str, int] = {}
    for fact, content in history:
        assert fact.version == versions.get(fact.stream, 0) + 1
        versions[fact.stream] = fact.version
        assert (content is None) == (fact.content is None)


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_it_folds_to_the_states_it_had(path: Path) -> None:
    expected = path.with_suffix(".states.json")
    found = states(facts(path))
    if os.environ.get("HADIR_WRITE_STATES"):
        expected.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    assert found == msgspec.json.decode(expected.read_bytes())


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_a_changed_or_missing_line_is_noticed(path: Path) -> None:
    whole = lines(path)
    changed = [*whole[:2], whole[2].replace(b'"actor":"', b'"actor":"x'), *whole[3:]]
    for broken in (changed, whole[1:], [*whole[:2], *whole[3:]]):
        with pytest.raises(UnreadableFact, match="not what was recorded"):
            list(read_history(broken, CODEC))
