"""Doors in: the pages that stand without script (report, tracking, public map, sign-in).

Invariants: every page works with plain HTML forms, script only makes it quicker; nothing typed is lost by a mistake;
no page shows a staff name or another person's words. Allowed imports: actions, views, ports, domain, words, the web
framework, Jinja.
"""

from hadir.inbound.pages.routes import pages_routes
from hadir.inbound.pages.site import DemoAccount, Site

__all__ = ["DemoAccount", "Site", "pages_routes"]
