"""Where things are kept: PostgreSQL, files on disk, the clock; and in-memory twins of them for tests.

Invariants: nothing here decides anything about the city; whatever is acknowledged has been fsynced. Adapters implement
the Protocols of `hadir.ports` and are chosen by `hadir.compose` and `hadir.cli` alone. Imports: ports and rings inside
it, psycopg, and the standard library.
"""
