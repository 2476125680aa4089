"""What the rules and use cases need from the world, as small Protocols and frozen values.

Purpose: actions, views and doors are written against these; `storage` fulfils them twice, on PostgreSQL and in memory,
and one contract suite (tests/contracts) holds both to the same words. Invariants: no I/O here, no defaults that hide a
decision. Allowed imports: the standard library, msgspec, `hadir.domain`.
"""
