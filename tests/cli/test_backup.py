"""A city goes into a file and comes out of it the same, in another home; what is damaged is refused before anything."""

import io
import tarfile
from pathlib import Path

import psycopg
import pytest

from hadir.cli import main


@pytest.fixture(scope="module")
def file(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "city.tar"
    assert main(["backup", str(path), "--home", str(city)]) == 0
    return path


def facts(home: Path, opened) -> tuple[list[tuple[int, str]], list[str]]:
    with opened(home) as url, psycopg.connect(url) as connection:
        rows = connection.execute("select position, body::text from journal order by position").fetchall()
        epochs = connection.execute("select epoch from epoch order by nr").fetchall()
    return rows, [epoch for (epoch,) in epochs]


def test_a_restored_city_is_the_same_in_a_new_epoch(city: Path, file: Path, opened, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert main(["restore", str(file), "--home", str(new)]) == 0
    rows, epochs = facts(new, opened)
    assert (rows, epochs[:-1]) == facts(city, opened)
    assert (new / "blobs/ab/cd/photo").read_bytes() == (city / "blobs/ab/cd/photo").read_bytes()
    assert main(["restore", str(file), "--home", str(new)]) == 1, "a home that holds a city is left alone"
    assert facts(new, opened) == (rows, epochs)


def test_a_backup_is_private_and_leaves_nothing_beside_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["city.tar"]
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["database.dump", "home/blobs/ab/cd/photo", "manifest.json"]


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other"])
def test_a_damaged_file_is_refused_before_a_home_is_made(file: Path, tmp_path: Path, capsys, damage: str) -> None:
    whole, bad = file.read_bytes(), tmp_path / "bad.tar"
    at = whole.index(b"\xff\xd8photo") + 100
    changed = {
        "cut": whole[: len(whole) - 12000],
        "flipped": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
        "empty": b"",
        "other": b"not a tar at all" * 100,
    }
    bad.write_bytes(changed[damage])
    assert main(["restore", str(bad), "--home", str(tmp_path / "new")]) == 1
    assert "damaged" in (said := capsys.readouterr().err) or "not a whole back-up" in said
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["home/../../evil", "/etc/evil", "home/postgres/data/evil", "evil"])
def test_a_backup_cannot_write_outside_the_home(tmp_path: Path, capsys, name: str) -> None:
    bad = tmp_path / "bad.tar"
    with tarfile.open(bad, "w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
    assert main(["restore", str(bad), "--home", str(tmp_path / "new")]) == 1
    assert "which no back-up of Hadir does" in capsys.readouterr().err


def test_doctor_finds_a_healthy_city_healthy(city: Path, opened, capsys) -> None:
    main(["doctor", "--home", str(city)])
    shown = capsys.readouterr().out
    assert "migrations, all applied" in shown
    assert "PostgreSQL" in shown
    assert [line for line in shown.splitlines() if line.startswith("✗") and "pages are not built" not in line] == []


def test_doctor_finds_the_fact_that_was_changed(city: Path, opened, capsys) -> None:
    def change(actor: str) -> None:
        with opened(city) as url, psycopg.connect(url) as connection:
            connection.execute("alter table journal disable trigger all")
            connection.execute("update journal set actor = %s where position = 1", [actor])
            connection.execute("alter table journal enable trigger all")

    change("somebody else")
    try:
        assert main(["doctor", "--home", str(city)]) == 1
        assert "changed at position 1" in capsys.readouterr().out
    finally:
        change("a")


def test_doctor_names_what_a_newer_program_did(city: Path, opened, capsys) -> None:
    with opened(city) as url, psycopg.connect(url) as connection:
        connection.execute("insert into migrations (name, checksum) values ('9999_future.sql', '')")
    try:
        assert main(["doctor", "--home", str(city)]) == 1
        assert "newer Hadir (9999_future.sql)" in capsys.readouterr().out
    finally:
        with opened(city) as url, psycopg.connect(url) as connection:
            connection.execute("delete from migrations where name = '9999_future.sql'")
