"""What is found out about photos, and who looked at them how."""

from __future__ import annotations

from hadir.domain.events.base import Event, event


@event("evidence.checked")
class EvidenceChecked(Event):
    """By rule, after «done»: what speaks for and against the photos. Content: each photo, and who vouches for what."""

    #: how many photos were looked at
    photos: int
    #: with how many earlier photos they were compared
    compared: int
    #: codes of `domain.evidence.judge`, the strong ones first; none: nothing was found
    flags: tuple[str, ...] = ()


@event("photo.original_viewed")
class PhotoOriginalViewed(Event):
    """Somebody opened the closed original of a photo that stands on this thing. Content: which, and the reason."""


@event("photo.covered")
class PhotoCovered(Event):
    """Somebody looked at a photo for faces and plates, and covered them. Content: which photo, and the covers."""

    #: may stand on public pages, as it is covered now
    public: bool
