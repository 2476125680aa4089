"""Water in an area: signs, and what is held to be true of them."""

from __future__ import annotations

from hadir.domain.events.base import Event, event
from hadir.domain.values import Reason


@event("area.flood_reported")
class AreaFloodReported(Event):
    """A sign of water in an area: a citizen's report or an officer on the spot."""

    #: citizen or officer
    source: str
    #: who says it, as a pseudonym or an account
    witness: str
    report_id: str | None = None
    depth_cm: int | None = None
    photo: bool = False
    #: live, simulation, replay: of the report that it comes from
    origin: str = "live"
    #: the account of the key through which the witness was named; None: the witness said it, or a key that named nobody
    through: str | None = None


@event("area.flood_suspected")
class AreaFloodSuspected(Event):
    """First sign. «Dugaan»."""

    reasons: tuple[Reason, ...] = ()


@event("area.flood_confirmed")
class AreaFloodConfirmed(Event):
    """Confirmed by the pack's rule, with the reasons listed."""

    reasons: tuple[Reason, ...] = ()


@event("area.flood_declared")
class AreaFloodDeclared(Event):
    """A named person declares it. Content: the words."""

    depth_cm: int | None = None


@event("area.flood_receding")
class AreaFloodReceding(Event):
    """A named person says the water goes down."""


@event("area.flood_over")
class AreaFloodOver(Event):
    """A named person says it is over. Only this makes an area quiet again; silence never does."""
