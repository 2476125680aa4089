"""A server is made, started, answers, stops, and comes back with what it had; homes do not disturb each other."""

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from hadir.storage.postgres.supervisor import HomeInUse, ServerFailed, Supervisor, SupervisorError, cluster, database

SHOWN = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses")


def remember(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept (n int)")
        connection.execute("insert into kept values (%s)", [number])


def remembered(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [n for (n,) in connection.execute("select n from kept order by n").fetchall()]


def test_what_was_committed_is_there_after_stop_and_start(server: Supervisor) -> None:
    server.start()
    remember(server.url, 1)
    server.stop()
    assert server.health().state == "stopped"
    server.start()
    assert remembered(server.url) == [1]


def test_a_new_cluster_is_durable_and_listens_to_nobody_outside(make_server, tmp_path: Path) -> None:
    server = make_server(tmp_path / "home", seeded=False)
    server.start()
    with psycopg.connect(server.url) as connection:
        shown = {name: connection.execute(f"show {name}").fetchone()[0] for name in SHOWN}  # type: ignore[index, arg-type]
        encoding = connection.execute("show server_encoding").fetchone()
    assert shown == dict.fromkeys(SHOWN, "on") | {"listen_addresses": ""}
    assert encoding == ("UTF8",)
    assert server.places.sockets.stat().st_mode & 0o777 == 0o700
    assert server.places.data.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["with space", "with,comma", "with 'quote'", "héllo", "x" * 200, "a/" * 60 + "deep"])
def test_a_home_may_have_any_name(make_server, tmp_path: Path, name: str) -> None:
    server = make_server(tmp_path / name)
    server.start()
    remember(server.url, 1)
    assert remembered(server.url) == [1]


def test_two_homes_do_not_disturb_each_other(make_server, tmp_path: Path) -> None:
    one, two = make_server(tmp_path / "one"), make_server(tmp_path / "two")
    one.start()
    two.start()
    remember(one.url, 1)
    remember(two.url, 2)
    one.stop()
    assert remembered(two.url) == [2]


def test_a_home_has_one_server_and_the_second_is_told_who(server: Supervisor, make_server, monkeypatch) -> None:
    monkeypatch.setattr("hadir.storage.postgres.supervisor.keeper.LOCK_PATIENCE_S", 0.1)
    server.start()
    with pytest.raises(HomeInUse, match=str(os.getpid())):
        make_server(server.places.home).start()
    remember(server.url, 1)


def test_a_command_uses_the_running_server_and_leaves_it(server: Supervisor, state_folder: Path) -> None:
    server.start()
    with database(home=server.places.home, state_folder=state_folder) as url:
        remember(url, 1)
    assert remembered(server.url) == [1]


def test_a_command_starts_a_resting_server_and_stops_it(server: Supervisor, state_folder: Path) -> None:
    with database(home=server.places.home, state_folder=state_folder, bin_dir=server.places.bin) as url:
        remember(url, 1)
    with pytest.raises(psycopg.OperationalError):
        remembered(cluster.url(server.places.sockets))
    server.start()
    assert remembered(server.url) == [1]


def test_an_outside_server_is_used_as_named(tmp_path: Path) -> None:
    with database(home=tmp_path, url="host=example dbname=city") as url:
        assert url == "host=example dbname=city"


def test_an_interrupted_initdb_is_done_again(make_server, tmp_path: Path) -> None:
    server = make_server(tmp_path / "home", seeded=False)
    (server.places.data / "base").mkdir()
    (server.places.data / "PG_VERSION").write_text("18")
    server.start()
    assert server.health().state == "ready"


def test_a_server_that_cannot_start_is_said_with_its_last_words(server: Supervisor) -> None:
    (server.places.data / "local.conf").write_text("shared_buffers = 'much'\n")
    with pytest.raises(ServerFailed, match="shared_buffers"):
        server.start()
    (server.places.data / "local.conf").unlink()
    server.start()
    assert server.health().state == "ready"


def test_what_a_person_set_stays(server: Supervisor) -> None:
    (server.places.data / "local.conf").write_text("work_mem = '9MB'\n")
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("show work_mem").fetchone() == ("9MB",)


def test_a_home_that_moved_finds_its_data(server: Supervisor, make_server, tmp_path: Path) -> None:
    server.start()
    remember(server.url, 1)
    server.stop()
    moved = tmp_path / "moved"
    server.places.home.rename(moved)
    again = make_server(moved)
    again.start()
    assert remembered(again.url) == [1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's homes keep their data elsewhere")
def test_a_copied_home_does_not_share_its_data(server: Supervisor, make_server, tmp_path: Path) -> None:
    assert server.places.data.parent.parent != server.places.home, "the folder of this test is closed to the server"
    shutil.copytree(server.places.home, tmp_path / "copy", symlinks=True)
    with pytest.raises(SupervisorError, match="copy"):
        make_server(tmp_path / "copy").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's homes keep their data elsewhere")
def test_a_home_deleted_and_made_anew_starts_empty(server: Supervisor, make_server) -> None:
    server.start()
    remember(server.url, 1)
    server.stop()
    shutil.rmtree(server.places.home)
    again = make_server(server.places.home)
    again.start()
    with pytest.raises(psycopg.errors.UndefinedTable):
        remembered(again.url)


def test_the_log_is_in_the_home(server: Supervisor) -> None:
    server.start()
    assert "database system is ready" in (server.places.home / "log/postgres.log").read_text()
