"""Doors in: what everybody may know, as pages and as files: the public map, the numbers, open data.

Invariants: everything is asked of the open book, which never held a word that anybody wrote; which of its fields may
leave stands in `domain.people.OPEN_DATA`; filters stand in the address, so that a page can be cited. Allowed imports:
views, standards, ports, domain, words, `inbound.kit`, `inbound.pages` (its site and templates), the web framework.
"""

from hadir.inbound.opendata.routes import admission, open_routes

__all__ = ["admission", "open_routes"]
