"""A small HTTP client of Hadir's public interface, for the simulator and the replay.

It keeps to what any outside program must do: the command's id is made before the first try, every try carries the same
id, and only an answer ends the trying. Loopback or the network, no proxy from the environment.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx

# A try that hears nothing for so long is given up and made again with the same id.
TIMEOUT_S = 15.0
LONGEST_PAUSE_S = 15.0


class NotSignedIn(Exception):
    """The server does not take this key or account."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the server said to one command."""

    status: int
    body: Mapping[str, Any]
    #: tries that were needed
    tries: int

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Client:
    """One signed-in (or anonymous) outside program. Use as an async context manager."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        chance: random.Random | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        connections: int = 64,
    ) -> None:
        """`key`: a bearer token; `chance`: for the pauses between tries; `transport`: for tests."""
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._chance = chance or random.Random()
        self._http = httpx.AsyncClient(
            base_url=url.rstrip("/"),
            headers=headers,
            timeout=TIMEOUT_S,
            trust_env=False,
            transport=transport,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def until_ready(self, timeout_s: float) -> bool:
        """Wait until the server answers /readyz."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        while loop.time() < end:
            try:
                if (await self._http.get("/readyz")).status_code == 200:
                    return True
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.25)
        return False

    async def sign_in_demo(self, account: str) -> None:
        """Press the demonstration's button, as a person would. Raises NotSignedIn."""
        origin = str(self._http.base_url).rstrip("/")
        answer = await self._http.post("/masuk", data={"demo_account": account}, headers={"origin": origin})
        if answer.status_code != 303 or not self._http.cookies.get("hadir_session"):
            raise NotSignedIn(f"{account}: the server answered {answer.status_code}")
        self._http.headers["origin"] = origin

    async def get(self, path: str) -> Any:
        """JSON of a GET. Raises httpx.HTTPError."""
        answer = await self._http.get(path)
        answer.raise_for_status()
        return answer.json()

    async def command(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST a command (its `command_id` in the body) until there is an answer that counts."""
        return await self._until_answered("POST", path, json=body)

    async def photo(self, jpeg: bytes) -> str | None:
        """Send a photo; its id, or None when it is refused."""
        answer = await self._until_answered(
            "POST", "/api/v1/photos", content=jpeg, headers={"content-type": "image/jpeg"}
        )
        return str(answer.body["photo_id"]) if answer.ok else None

    async def _until_answered(self, method: str, path: str, **request: Any) -> Answer:
        """5xx, 429 and silence are not answers: come back after a while by chance."""
        tries = 0
        while True:
            tries += 1
            pause = self._chance.random() * min(LONGEST_PAUSE_S, 0.2 * 2**tries)
            try:
                answer = await self._http.request(method, path, **request)
            except httpx.TransportError:
                await asyncio.sleep(pause)
                continue
            if answer.status_code in (401, 421):
                raise NotSignedIn(f"{path}: the server answered {answer.status_code}")
            if answer.status_code < 500 and answer.status_code != 429:
                return Answer(status=answer.status_code, body=_json(answer), tries=tries)
            await asyncio.sleep(max(pause, float(answer.headers.get("retry-after", 0))))


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
