"""The API under /api/v1: what our own pages use, and the names that outside tools rely on (docs/doors/api.md).

Invariants: every command ends in `actions.registry.execute`; whatever is read is the caller's own view; answers are
JSON, refusals RFC 9457. Allowed imports: as `hadir.inbound`.
"""
