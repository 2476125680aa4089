"""A server is made, started, answers, stops, and comes back with what it had."""


import psycopg

from hadir.storage.postgres.supervisor import Supervisor


def test_what_was_committed_is_there_after_stop_and_start(server: Supervisor) -> None:
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (1)")
    server.stop()
    assert server.health().state == "stopped"
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("select n from kept").fetchall() == [(1,)]
