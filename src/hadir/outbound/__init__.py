"""Doors out: how what happened leaves the program. Here: the live stream.

Invariants: a door out follows the journal's positions and never decides anything; doors do not know each other.
Allowed imports: views and the rings inside them, uvicorn's protocol class, the standard library.
"""
