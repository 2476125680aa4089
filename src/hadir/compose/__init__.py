"""The composition root: settings → storage → use cases → views → doors, and the order in which they start and stop.

Invariants: the only package (with `cli`) that picks storage and reads settings; nothing below knows it. Everything that
can be replaced enters through arguments: `memory(city)` is the same program on the in-memory twins.
Allowed imports: everything but `cli`.
"""

from hadir.compose.people import add_user, all_users, set_disabled, set_password, set_person
from hadir.compose.program import Program, memory, opened
from hadir.compose.serving import serve

__all__ = [
    "Program",
    "add_user",
    "all_users",
    "memory",
    "opened",
    "serve",
    "set_disabled",
    "set_password",
    "set_person",
]
