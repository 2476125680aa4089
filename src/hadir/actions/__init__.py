"""The use cases: one file per noun. A door hands in an actor and a command; what comes back is Done or a Refusal.

Invariants: only `execute` in this package appends to the journal; a handler loads, asks the rules, and returns a
decision; the same command twice gets the first answer; nothing is half done, since one command is one append.
Concurrency: handlers run in the event loop and may run again when another command on the same thing came first.
Allowed imports: `hadir.ports`, `hadir.domain`, msgspec, Pillow (photos only).
"""
