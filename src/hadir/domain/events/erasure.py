"""What is asked to be forgotten, and what has been."""

from __future__ import annotations

from datetime import datetime

from hadir.domain.events.base import Event, event


@event("erasure.asked")
class ErasureAsked(Event):
    """The person asks that what was said be erased; until then it can be taken back."""

    due: datetime


@event("erasure.withdrawn")
class ErasureWithdrawn(Event):
    """The person took it back in time."""


@event("contents.erased")
class ContentsErased(Event):
    """All contents of this thing up to here are gone for good: words, photos, points, contacts. The facts stay."""

    #: asked (by the person), corrected (newer words stand in their place), rule (their time is over), office (by
    #: whoever runs the city), restored (once more, after a back-up brought them again)
    why: str
    #: how many there were
    contents: int
    #: these, and not all of the thing's
    only: tuple[str, ...] = ()
