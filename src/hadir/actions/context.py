"""What every use case gets: the ports, the city, the secrets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hadir.actions.secrets import Secrets
from hadir.domain.assign import Learned
from hadir.domain.city import City
from hadir.ports.areas import Areas
from hadir.ports.blobs import Blobs
from hadir.ports.clock import Clock
from hadir.ports.evidence import Evidence
from hadir.ports.ids import Ids
from hadir.ports.journal import DiskGuard, Journal
from hadir.ports.people import People
from hadir.ports.relations import Relations
from hadir.ports.shown import Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Made once by `compose`; tests make one with the in-memory twins."""

    journal: Journal
    clock: Clock
    ids: Ids
    disk: DiskGuard
    blobs: Blobs
    shown: Shown
    evidence: Evidence
    city: City
    areas: Areas
    people: People
    relations: Relations
    secrets: Secrets
    #: what was learned from closed reports, as it is now; None where nobody has trained
    learned: Callable[[], Learned | None] = lambda: None
