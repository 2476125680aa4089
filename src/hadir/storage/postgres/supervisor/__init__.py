"""Our own PostgreSQL, from a Python wheel: made, started, watched, restarted and stopped by one object.

`Supervisor(home=…)` is for the program that serves; `database(home=…)` is for a command that needs the database for a
moment, whether the program runs or not. Invariants: one server per home, no TCP, a private socket folder, durable
settings; when the supervising process dies, the server stops (Linux), and the next start finds everything committed.
Concurrency: one thread of the supervisor forks the server and watches it; `start`, `health` and `stop` may be called
from any thread. Imports: standard library and psycopg.
"""

from hadir.storage.postgres.supervisor.errors import HomeInUse, ServerFailed, SupervisorError
from hadir.storage.postgres.supervisor.keeper import Health, Supervisor, database

__all__ = ["Health", "HomeInUse", "ServerFailed", "Supervisor", "SupervisorError", "database"]
