"""PostgreSQL: the supervisor of our own server, the journal, the views' rows. SQL stands in .sql files with names.

Invariants: nothing newer than PostgreSQL 15; READ COMMITTED unless said; one server per home, reached over a private
socket, or whatever HADIR_DATABASE_URL names. Imports: as `hadir.storage`.
"""
