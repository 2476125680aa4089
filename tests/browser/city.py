"""The city as its people use it from outside: sign in, report, send a command. Plain HTTP, nothing of the program."""

import json
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

PATIENCE_S = 60


class _Stay(urllib.request.HTTPRedirectHandler):
    """The answer to a form is a redirection; what matters is its cookie."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class City:
    """One running server. `plosokerep` and its like are codes of the demo pack."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sessions: dict[str, str] = {}
        #: the newest fact that an answer to us named
        self._told = 0
        self._open = urllib.request.build_opener(_Stay).open

    def sign_in(self, name: str) -> str:
        """The session cookie of a demo account."""
        if name not in self._sessions:
            form = urllib.parse.urlencode({"name": name, "password": "demo"}).encode()
            request = urllib.request.Request(f"{self.url}/masuk", data=form, headers={"origin": self.url})
            try:
                self._open(request)
            except urllib.error.HTTPError as answer:
                cookie = answer.headers["set-cookie"] or ""
                answer.close()
            self._sessions[name] = cookie.partition("hadir_session=")[2].partition(";")[0]
            assert self._sessions[name], f"{name} could not sign in"
        return self._sessions[name]

    def send(self, who: str | None, path: str, **body: Any) -> dict[str, Any]:
        """POST a command as somebody (None: a citizen). Raises HTTPError for a refusal."""
        data = json.dumps({"command_id": secrets.token_hex(12), **body}).encode()
        told = self._call(who, path, data)
        self._told = max(self._told, told.get("position", 0))
        return told

    def board(self, who: str) -> dict[str, list[dict[str, Any]]]:
        """What somebody sees, with everything in it that has happened so far."""
        with self._open(f"{self.url}/readyz", timeout=PATIENCE_S) as answer:
            position = json.loads(answer.read())["position"]
        position = max(position, self._told)
        # The server waits for that, but not for ever.
        while (told := self._call(who, f"board?after={position}", None))["position"] < position:
            pass
        return dict(told["board"])

    def becomes(self, who: str, group: str, id: str, **fields: Any) -> None:
        """Wait until a row on somebody's board has these values."""
        self.until(who, lambda board: any(r["id"] == id and fields.items() <= r.items() for r in board[group]))

    def told(self, who: str, incident: str) -> str:
        """An incident's timeline, as text."""
        return json.dumps(self._call(who, f"incidents/{incident}/timeline", None))

    def until(self, who: str, holds: Callable[[dict[str, list[dict[str, Any]]]], bool]) -> None:
        """Wait until somebody's board is so. A press shows at once on the page, before the server has it."""
        pause, deadline = threading.Event(), time.monotonic() + PATIENCE_S
        while not holds(self.board(who)):
            assert time.monotonic() < deadline, "the board never came to be so"
            pause.wait(0.05)

    def _call(self, who: str | None, path: str, data: bytes | None) -> dict[str, Any]:
        headers = {"content-type": "application/json", "origin": self.url}
        if who:
            headers["cookie"] = f"hadir_session={self.sign_in(who)}"
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data=data, headers=headers)
        with self._open(request, timeout=PATIENCE_S) as answer:
            return dict(json.loads(answer.read()))

    def report(self, text: str, lat: float, lon: float) -> str:
        place = {"lat": lat, "lon": lon, "accuracy_m": 10, "how": "gps"}
        return str(self.send(None, "reports", text=text, place=place)["report_id"])

    def incident(self, text: str, lat: float, lon: float) -> str:
        """A report, and the incident an operator makes of it."""
        report = self.report(text, lat, lon)
        return str(self.send("operator", "incidents", report_id=report)["incident_id"])

    def task(self, incident: str, agency: str, what: str) -> str:
        return str(self.send("operator", "tasks", incident_id=incident, agency=agency, what=what)["task_id"])
