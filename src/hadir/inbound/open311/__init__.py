"""Open311 GeoReport v2 (docs/doors/open311.md): `/open311/discovery.{xml,json}` and all below `/open311/v2/`.

Bare ASGI, since a city's front door must stand in a storm: `door` finds the resource, `reading` and `filing` serve
it by the codecs of `hadir.standards.open311`, `services` is the city pack in the standard's words. Invariants: every
refusal leaves as the standard's list of errors; requests come in by the same use case as everything else
(`reports.receive`, channel «open311»); what leaves is what `views.requests` gives. Allowed imports: as all doors.
"""
