"""What was said on a report after it was made, as the desks see it: lines, what is new, the open question. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec.structs import replace

from hadir.domain import events as e
from hadir.ports.journal import Fact
from hadir.views.rows import Photo, SaidRow, TalkRow

#: The newest so many stand on the row; the whole story is the timeline.
LINES_KEPT = 40
#: The command centre's key among those who have read; an agency's is its code.
CENTRE = ""
#: refs of the row: part → content
PART = "talk."

Said: TypeAlias = Mapping[str, Any]
_NONE = TalkRow()


def followed_up(talk: TalkRow | None, fact: Fact, said: Said, mask: Callable[[str], str]) -> TalkRow:
    """More from the reporter: new to every desk."""
    event: e.ReportFollowedUp = fact.event
    kind = "answer" if event.answers else "follow_up"
    before = talk or _NONE
    waits = before.question if event.answers is None or before.question != event.answers else None
    return _told(replace(before, question=waits), _line(kind, fact, said, mask))


def disputed(talk: TalkRow | None, fact: Fact, said: Said, mask: Callable[[str], str]) -> TalkRow | None:
    """«Belum», with what is still wrong; without words the state says it all."""
    return talk if fact.content is None else _told(talk or _NONE, _line("dispute", fact, said, mask))


def questioned(talk: TalkRow | None, fact: Fact, said: Said, mask: Callable[[str], str]) -> TalkRow:
    """Whoever asks has read what was there."""
    event: e.ReportQuestioned = fact.event
    asked = _kept(talk or _NONE, _line("question", fact, said, mask, event.agency))
    return replace(heard(asked, event.agency, event.told), question=event.question_id)


def withdrawn(talk: TalkRow | None) -> TalkRow | None:
    return None if talk is None else replace(talk, question=None)


def heard(talk: TalkRow | None, agency: str | None, told: int | None) -> TalkRow:
    """This desk has read so many of the reporter's additions; None: all there are."""
    before, desk = talk or _NONE, agency or CENTRE
    seen = before.told if told is None else min(told, before.told)
    return _new(replace(before, heard={**before.heard, desk: max(seen, before.heard.get(desk, 0))}))


def rated(talk: TalkRow | None, fact: Fact, said: Said, mask: Callable[[str], str]) -> TalkRow:
    """The newest rating counts; its words are a line, but nobody has to read them now."""
    before = replace(talk or _NONE, rating=fact.event.result)
    return before if fact.content is None else _kept(before, _line("rating", fact, said, mask))


def without(talk: TalkRow, content: str) -> TalkRow:
    """The line stays, what was said in it does not."""
    return replace(talk, lines=tuple(replace(x, text="", photos=()) if x.content == content else x for x in talk.lines))


def belongs(talk: TalkRow, desks: Iterable[str]) -> TalkRow:
    """These agencies have work on the report's incident."""
    now = tuple(sorted(desks))
    return talk if now == talk.desks else replace(talk, desks=now)


def unread_by(talk: TalkRow | None) -> tuple[str, ...]:
    """The agencies that have not read all of it."""
    return tuple(desk for desk in talk.desks if talk.told > talk.heard.get(desk, 0)) if talk else ()


def photos_of(talk: TalkRow | None) -> Iterator[str]:
    """Ids of the photos that came later."""
    return (photo.id for line in talk.lines for photo in line.photos) if talk else iter(())


def _line(kind: str, fact: Fact, said: Said, mask: Callable[[str], str], agency: str | None = None) -> SaidRow:
    photos = tuple(Photo(id) for id in said.get("photos") or ())
    text = mask(said.get("text") or "")
    return SaidRow(
        position=fact.position, at=fact.at, kind=kind, agency=agency, content=fact.content, text=text, photos=photos
    )


def _kept(talk: TalkRow, line: SaidRow) -> TalkRow:
    return replace(talk, lines=(*talk.lines, line)[-LINES_KEPT:])


def _told(talk: TalkRow, line: SaidRow) -> TalkRow:
    return _new(replace(_kept(talk, line), told=talk.told + 1))


def _new(talk: TalkRow) -> TalkRow:
    return replace(talk, new=talk.told - talk.heard.get(CENTRE, 0))
