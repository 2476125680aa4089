"""Where things are kept: PostgreSQL and files, and an in-memory twin of journal, clock, ids and blobs.

Invariants: twin and real pass the same contract suite (tests/contracts); SQL stands in .sql files, each query with a
name and a sentence, nothing newer than PostgreSQL 15. Allowed imports: `hadir.ports`, `hadir.domain`, `hadir.views` for
its ViewStore; never doors.
"""
