"""The courier's kit: what every door out needs that brings something to somebody elsewhere.

Purpose: a cursor that remembers how far the journal was read (`cursor`), pauses between tries (`backoff`), and the one
gate through which requests leave the program (`gate`).
Invariants: what a door out does may happen twice, never not at all; an address that came from outside is never an
address of our own network. Allowed imports: ports and domain, httpcore, the standard library.
"""
