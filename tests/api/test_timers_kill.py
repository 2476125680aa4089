"""A timer that runs while the program is killed: on record once, late by the time the program was away, never twice."""

import os
import signal
from datetime import datetime
from pathlib import Path

import pytest

from hadir.storage.postgres.supervisor import Supervisor
from tests.api.process import Running, program, token

AREA = "35.72.03.1002"
SHORT = """
[[order_rules]]
since = 2025-06-01
delivered_on_duty_s = 2
delivered_s = 2
seen_s = 60
read_back_s = 120
duty_heard_s = 180
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The demo pack with two seconds for a delivery."""
    demo, folder = Path(__file__).parents[2] / "cities" / "blitar", tmp_path / "pack"
    folder.mkdir()
    for file in demo.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    orders = folder / "orders.toml"
    orders.write_text(orders.read_text() + SHORT)
    return folder


@pytest.fixture
def server(own_state: Path, tmp_path: Path):
    programs = os.environ.get("HADIR_PG_BIN")
    made = Supervisor(
        home=tmp_path / "server", state_folder=own_state, bin_dir=Path(programs) if programs else None, memory_mb=16
    )
    made.start()
    yield made
    made.stop()


def order(city: Running, number: int, operator: str, leader: str) -> str:
    place = {"how": "list", "area": AREA}
    told = city.ask(
        "/api/v1/incidents", {"command_id": f"incident-{number}", "category": "flood", "place": place}, operator
    )[1]
    body = {"command_id": f"order-test-{number}", "incident_id": told["id"], "to": "petugas-1"}
    given = city.ask("/api/v1/orders", {**body, "action": "check", "within_min": 30}, leader)[1]
    return str(given["id"])


def overdue(city: Running, leader: str, id: str) -> list[dict]:
    board = city.ask("/api/v1/board?things=orders", token=leader)[1]["board"]
    return next((row["overdue"] for row in board["orders"] if row["id"] == id), [])


def late_s(missed: dict) -> float:
    return (datetime.fromisoformat(missed["at"]) - datetime.fromisoformat(missed["due_at"])).total_seconds()


@pytest.mark.slow
def test_a_deadline_survives_kill_9_and_fires_once(
    server: Supervisor, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HADIR_DATABASE_URL", server.url)
    with program(home, server.url, HADIR_CITY=str(pack)) as city:
        operator, leader = token(home, "operator"), token(home, "pimpinan")
        first = order(city, 1, operator, leader)
        city.until(lambda: bool(overdue(city, leader, first)))
        assert 0 <= late_s(overdue(city, leader, first)[0]) < 10, "at its time, not at some later look"
        second = order(city, 2, operator, leader)
        city.stop(signal.SIGKILL)
    with program(home, server.url, HADIR_CITY=str(pack)) as city:
        city.until(lambda: bool(overdue(city, leader, second)))
        third = order(city, 3, operator, leader)
        city.until(lambda: bool(overdue(city, leader, third)))
        assert [len(overdue(city, leader, id)) for id in (first, second, third)] == [1, 1, 1]
