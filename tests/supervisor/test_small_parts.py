"""The parts that need no server: what postmaster.pid may hold, free space, rotation, configuration."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.storage.disk import FLOOR_BYTES, DiskGuard
from hadir.storage.postgres.supervisor import SupervisorError, cluster, keeper, places, postmaster


@dataclass
class Disk:
    f_blocks: int
    f_bavail: int
    f_frsize: int = 4096


class Now:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def guard_over(disk: Disk) -> tuple[DiskGuard, Now]:
    now = Now()
    return DiskGuard(Path("/"), statvfs=lambda _: disk, monotonic=now), now


@given(blocks=st.integers(1, 2**40), free=st.integers(0, 2**40))
def test_writes_need_500_mb_and_a_twentieth(blocks: int, free: int) -> None:
    guard, _ = guard_over(Disk(f_blocks=blocks, f_bavail=free))
    enough = free * 4096 >= FLOOR_BYTES and free * 4096 >= int(blocks * 4096 * 0.05)
    assert guard.accepts_writes() is enough


def test_a_full_disk_is_noticed_within_a_second_and_so_is_room() -> None:
    disk = Disk(f_blocks=10**6, f_bavail=10**6)
    guard, now = guard_over(disk)
    assert guard.accepts_writes()
    disk.f_bavail = 0
    now.seconds = 0.9
    assert guard.accepts_writes(), "asked again too soon: an append would cost a system call"
    now.seconds = 1.0
    assert not guard.accepts_writes()
    disk.f_bavail = 10**6
    now.seconds = 2.0
    assert guard.accepts_writes()


@given(st.binary(max_size=200))
def test_any_postmaster_pid_can_be_read(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "postmaster.pid").write_bytes(content)
        found = postmaster.read(Path(folder))
        assert found is None or not postmaster.serves(found.pid, Path(folder))


def test_our_own_process_is_not_taken_for_a_server(tmp_path: Path) -> None:
    assert not postmaster.serves(os.getpid(), tmp_path)


def test_a_setting_with_a_quote_cannot_break_out() -> None:
    text = cluster.configuration(Path("/run/it's"), 16)
    assert "unix_socket_directories = '/run/it''s'\n" in text


def test_a_long_log_is_cut_and_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LOG_MAX", 10)
    log = tmp_path / "postgres.log"
    with log.open("ab", buffering=0) as server:
        server.write(b"twelve bytes")
        keeper._rotate(log)
        server.write(b"next")
    assert log.read_bytes() == b"next"
    assert (tmp_path / "postgres.log.1").read_bytes() == b"twelve bytes"


def test_a_socket_folder_made_by_somebody_else_is_refused(make_server, tmp_path: Path) -> None:
    found = make_server(tmp_path / "home").places
    found.sockets.mkdir(mode=0o777)
    found.sockets.chmod(0o777)
    try:
        with pytest.raises(SupervisorError, match="private"):
            places.ensure_sockets(found)
    finally:
        found.sockets.rmdir()
