"""What every use case gets, from storage: for the server, the intake and the commands of a terminal alike."""

from hadir.actions.context import Context
from hadir.compose.storage import Storage
from hadir.domain.city import City
from hadir.ports.relations import Relations
from hadir.storage.areas import ShapelyAreas


def context_of(city: City, storage: Storage, relations: Relations) -> Context:
    """What every use case gets."""
    return Context(
        journal=storage.journal,
        clock=storage.clock,
        ids=storage.ids,
        disk=storage.disk,
        blobs=storage.blobs,
        shown=storage.shown,
        evidence=storage.evidence,
        city=city,
        areas=ShapelyAreas(city),
        people=storage.accounts,
        relations=relations,
        secrets=storage.secrets,
        learned=storage.learned,
    )
