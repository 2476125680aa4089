"""Signing in and out: `POST /masuk`, `POST /keluar`. The form itself is a page (`inbound.pages`).

Invariants: a wrong name and a wrong password take as long and are told alike; a sign-in makes a new session.
Allowed imports: as `hadir.inbound`.
"""

from hadir.inbound.login.door import login_routes

__all__ = ["login_routes"]
