"""The board's tables on PostgreSQL.

A commit does not wait for the disk: after a crash the follower does the lost stretch again, from the position that
survived with its rows. Imports: as `hadir.storage`.
"""

from hadir.storage.postgres.views.store import PostgresViewStore

__all__ = ["PostgresViewStore"]
