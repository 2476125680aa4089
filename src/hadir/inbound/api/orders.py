"""What is read of orders beside the board: recordings, byte for byte, and the figure of how orders went."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from hadir.actions import voices
from hadir.domain.people import PERMISSIONS, Scope
from hadir.domain.refusals import Refusal, forbidden
from hadir.inbound.kit.asgi import body
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.ports.blobs import BlobMissing
from hadir.views.order_stats import stats
from hadir.views.rows import OrderRow, Voice, restored

NO_STORE = {"cache-control": "no-store", "vary": "accept-encoding, cookie, authorization"}
#: A month is what a meeting looks at; a year is what fits in one answer.
DAYS, DAYS_MOST = 30, 366
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def order_routes(doors: Doors) -> list[HTTPRouteHandler]:
    @post("/api/v1/voices", status_code=201)
    async def add_voice(request: Request[Any, Any, Any]) -> Response[bytes]:
        """A recording's bytes → {voice_id}."""
        caller = signed_in(_caller(request))
        doors.throttle.photo(caller)
        data = await body(request.scope, request.receive, voices.MAX_BYTES)
        added = await voices.add(doors.ctx, caller.actor, data)
        if isinstance(added, Refusal):
            raise Problem.of(added)
        return _json({"voice_id": added}, 201)

    @get("/api/v1/orders/{id:str}/voices/{voice:str}")
    async def voice(request: Request[Any, Any, Any]) -> Response[bytes]:
        """A recording of an order or of its read-back, as it was received; also a part of it (Range)."""
        caller, id = signed_in(_caller(request)), request.path_params["id"]
        stored = await doors.rows.row("orders", id) if doors.board.visible(caller.actor, "orders", id) else None
        found = None if stored is None else _of(restored("orders", stored), request.path_params["voice"])
        if found is None:
            raise Problem("no_such_thing", status=404)
        try:
            data = await doors.ctx.blobs.get(found.id)
        except (BlobMissing, ValueError):
            raise Problem("no_such_thing", status=404) from None
        return part(data, found.type, request.headers.get("range"))

    @get("/api/v1/orders/stats")
    async def figures(request: Request[Any, Any, Any]) -> Response[bytes]:
        """How the orders of a time went: each hop, read back, corrected; and the orders themselves."""
        caller = signed_in(_caller(request))
        if _scope(caller) is None:
            raise Problem.of(forbidden("not_your_role"))
        since, until = span(request.query_params, doors.ctx.clock.now())
        rows = [restored("orders", row) for row in await doors.rows.began("orders", since, until)]
        if _scope(caller) is Scope.AGENCY:
            rows = [row for row in rows if row.agency == caller.actor.agency]
        return _json(stats(rows, since, until), 200)

    return [add_voice, voice, figures]


def _caller(request: Request[Any, Any, Any]) -> Caller:
    return request.state.caller  # type: ignore[no-any-return]


def _scope(caller: Caller) -> Scope | None:
    return None if caller.account is None else PERMISSIONS["order_stats.read"].get(caller.account.role)


def _json(told: dict[str, Any], status: int) -> Response[bytes]:
    data = msgspec.json.encode(told)
    return Response(data, status_code=status, media_type="application/json", headers=NO_STORE)


def _of(row: OrderRow, id: str) -> Voice | None:
    """The order's own recording, or that of its read-back, if this is one of them."""
    heard = row.read_back.voice if row.read_back else None
    return next((voice for voice in (row.voice, heard) if voice is not None and voice.id == id), None)


def part(data: bytes, kind: str, wanted: str | None) -> Response[bytes]:
    """Safari plays nothing without Range. The name is the digest, so a copy never changes; private, as with photos."""
    headers = {"accept-ranges": "bytes", "cache-control": "private, max-age=86400"}
    part = byte_range(wanted, len(data))
    if part is None:
        return Response(data, media_type=kind, headers=headers)
    first, last = part
    if first > last:
        raise Problem("bad_range", status=416, headers=[(b"content-range", f"bytes */{len(data)}".encode())])
    headers["content-range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], status_code=206, media_type=kind, headers=headers)


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, last) of one range (RFC 9110, 14.2); None: all of it. first > last: there is nothing there."""
    match = _RANGE.fullmatch(header or "")
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        return max(0, size - int(match[2])), size - 1 if int(match[2]) else -1
    return int(match[1]), min(int(match[2] or size), size - 1)


def span(query: Any, now: datetime) -> tuple[datetime, datetime]:
    """`from` and `to`, RFC 3339 or a date; the last days when not said. Raises Problem."""
    until = _time(query.get("to"), "to") or now
    since = _time(query.get("from"), "from") or until - timedelta(days=DAYS)
    if not since < until <= since + timedelta(days=DAYS_MOST):
        raise Problem("bad_query", status=400, name="from, to")
    return since, until


def _time(text: str | None, name: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Problem("bad_query", status=400, name=name) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
