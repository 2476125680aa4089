"""The intake beside the serving process: one port, two processes, and nothing of it to be seen from outside."""

import http.client
import json
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.api.process import Running, program, report, reported, token

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="connections are handed on between processes on Linux")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with program(tmp_path_factory.mktemp("intake") / "home", HADIR_INTAKE="on") as running:
        running.until(lambda: _counts(running))
        yield running


def _intake(running: Running) -> psutil.Process | None:
    children = psutil.Process(running.process.pid).children()
    return next((child for child in children if "compose.intake" in " ".join(child.cmdline())), None)


def _counts(running: Running) -> bool:
    """Does the intake take in reports? What it counts is told each second, what the serving process takes at once."""
    intake = _intake(running)
    if intake is None:
        return False
    before = sum(intake.cpu_times()[:2])
    for number in range(20):
        running.ask("/api/v1/reports", report(900_000 + number))
    return sum(intake.cpu_times()[:2]) > before and running.ask("/healthz")[0] == 200 and _has_line(running, intake)


def _has_line(running: Running, intake: psutil.Process) -> bool:
    """A database connection of its own that writes: from then on it is ready."""
    return any(c.status == psutil.CONN_LISTEN and c.laddr.port == running.port for c in intake.net_connections())


def _ask(line: http.client.HTTPConnection, method: str, path: str, body: object = None, **headers: str) -> tuple:
    data = None if body is None else json.dumps(body)
    line.request(method, path, data, {"content-type": "application/json", **headers})
    answer = line.getresponse()
    return answer.status, answer.read()


def test_one_connection_may_ask_for_everything_in_turn(city: Running) -> None:
    operator = {"authorization": f"Bearer {token(city.home, 'operator')}"}
    line = http.client.HTTPConnection("127.0.0.1", city.port, timeout=60)
    for number in range(5):
        status, said = _ask(line, "POST", "/api/v1/reports", report(number))
        assert status == 201
        told = json.loads(said)
        status, said = _ask(line, "GET", f"/api/v1/board?after={told['position']}", **operator)
        assert status == 200
        assert told["report_id"] in [row["id"] for row in json.loads(said)["board"]["reports"]]
        assert _ask(line, "GET", "/")[0] == 200
    line.close()


def test_a_large_form_is_handed_on_whole(city: Running) -> None:
    form = b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\n' + b"banjir " * 12_000 + b"\r\n--x--\r\n"
    for _ in range(6):
        line = http.client.HTTPConnection("127.0.0.1", city.port, timeout=60)
        headers = {"content-type": "multipart/form-data; boundary=x", "origin": f"http://127.0.0.1:{city.port}"}
        line.request("POST", "/lapor", form, headers)
        answer = line.getresponse()
        assert answer.status in (303, 422) and answer.read() is not None
        line.close()


def test_what_is_sent_in_one_breath_is_answered_or_asked_for_again(city: Running) -> None:
    body = json.dumps(report(77)).encode()
    head = f"POST /api/v1/reports HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", city.port), timeout=60) as line:
        line.sendall(head + body + b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        said = b""
        while data := line.recv(65536):
            said += data
    assert said.startswith(b"HTTP/1.1 201")
    assert b"\r\n\r\n" in said and (b"HTTP/1.1 200 OK" in said or b"HTTP/1.1 503" in said)


def test_a_refusal_is_the_same_sentence(city: Running) -> None:
    for _ in range(4):
        status, said = city.ask("/api/v1/reports", report(1) | {"place": {"lat": 999, "lon": 1}})
        assert (status, said["code"]) == (422, "invalid_body")


def test_a_killed_intake_loses_nothing_and_comes_back(city: Running) -> None:
    first = _intake(city)
    first.send_signal(signal.SIGKILL)
    answers = [city.ask("/api/v1/reports", report(5000 + n)) for n in range(30)]
    kept = [said["report_id"] for status, said in answers if status == 201]
    # Those whose connection it held are not answered; everybody else is, by the serving process.
    assert len(kept) >= 28
    operator = token(city.home, "operator")
    city.until(lambda: set(kept) <= reported(city, operator))
    city.until(lambda: (again := _intake(city)) is not None and again.pid != first.pid and _counts(city))


def test_it_ends_with_the_serving_process_whatever_ends_that(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with program(tmp_path / "home", HADIR_INTAKE="on") as running:
            running.until(lambda running=running: _intake(running) is not None)
            intake = _intake(running)
            running.stop(number)
        intake.wait(timeout=30)


def test_a_report_by_open311_is_taken_in_too_and_read_elsewhere(city: Running) -> None:
    """The rest of Open311 is the serving process's, on the same connection."""
    line = http.client.HTTPConnection("127.0.0.1", city.port, timeout=60)
    form = f"api_key={token(city.home, 'open311-test')}&service_code=flood&lat=-8.1&long=112.165"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    intake = _intake(city)
    assert intake is not None
    before = sum(intake.cpu_times()[:2])
    ids = []
    for _ in range(50):
        line.request("POST", "/open311/v2/requests.json", form, kind)
        answer = line.getresponse()
        said = answer.read()
        assert answer.status == 201, said
        ids.append(json.loads(said)[0]["service_request_id"])
    assert sum(intake.cpu_times()[:2]) > before
    status, said = _ask(line, "GET", f"/open311/v2/requests/{ids[-1]}.json")
    assert (status, json.loads(said)[0]["service_request_id"]) == (200, ids[-1])
    line.request("POST", "/open311/v2/requests.xml", "service_code=flood", kind)
    answer = line.getresponse()
    assert (answer.status, answer.read().startswith(b"<?xml")) == (403, True)
    line.close()
