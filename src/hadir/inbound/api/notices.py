"""Which browsers may ring for me, and what became of the notices about a thing.

A subscription is made and ended by its own account only. An endpoint is an address from outside: `admits` judges it
before it is kept, and the gate of the doors out judges it again with every message.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta

from hadir.actions.commands import Id
from hadir.domain.people import may
from hadir.inbound.api.answers import AnyRequest, caller_of, json_answer
from hadir.inbound.kit.asgi import body
from hadir.inbound.kit.bodies import decode, require_json
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.ports.notices import Attempt, Devices, Notices, Standing, Subscription

BODY_MOST = 8192
# A phone, a tablet, a desk; more are old browsers whose owner forgot them, and each costs a request.
DEVICES_MOST = 10
ABOUT = ("orders/", "tasks/", "incidents/", "areas/", "units/")

#: (endpoint, public key, secret) → may it be kept?
Admits = Callable[[str, bytes, bytes], bool]

Endpoint = Annotated[str, Meta(min_length=1, max_length=2000)]
Key = Annotated[str, Meta(max_length=200)]


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """As `PushSubscription.toJSON()` gives them: base64url."""

    p256dh: Key
    auth: Key


class Subscribed(msgspec.Struct, frozen=True, kw_only=True):
    """What `PushSubscription.toJSON()` gives."""

    endpoint: Endpoint
    keys: Keys


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """Which one."""

    endpoint: Endpoint


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """The notice that a device shows."""

    id: Id


def notice_routes(
    doors: Doors, *, devices: Devices, notices: Notices, key: str, admits: Admits
) -> list[HTTPRouteHandler]:
    """`key`: our public key, to which browsers subscribe."""

    @get("/api/v1/push/key")
    async def public_key(request: AnyRequest) -> Response[bytes]:
        """{key}: base64url, for `pushManager.subscribe`."""
        signed_in(caller_of(request))
        return json_answer(msgspec.json.encode({"key": key}))

    @post("/api/v1/push/subscriptions", status_code=201)
    async def subscribe(request: AnyRequest) -> Response[bytes]:
        """This browser rings for me from now on."""
        caller = signed_in(caller_of(request))
        doors.throttle.command(caller)
        made = _subscription(doors, caller, await _body(request, Subscribed))
        if not admits(made.endpoint, made.p256dh, made.auth):
            raise Problem("bad_subscription", status=422)
        await _make_room(devices, made)
        await devices.put(made)
        return json_answer(b"{}", 201)

    @delete("/api/v1/push/subscriptions", status_code=200)
    async def unsubscribe(request: AnyRequest) -> Response[bytes]:
        """It does not ring any more. An endpoint that is not mine, or never was: 404."""
        caller = signed_in(caller_of(request))
        ended = await _body(request, Ended)
        if not await devices.drop(caller.actor.id, ended.endpoint):
            raise Problem("no_such_thing", status=404)
        return json_answer(b"{}")

    @post("/api/v1/push/received", status_code=200)
    async def received(request: AnyRequest) -> Response[bytes]:
        """Said by the service worker when it shows a notice: no further channel is needed."""
        caller = signed_in(caller_of(request))
        doors.throttle.command(caller)
        shown = await _body(request, Received)
        if not await notices.received(caller.actor.id, shown.id, doors.ctx.clock.now()):
            raise Problem("no_such_thing", status=404)
        return json_answer(b"{}")

    @get("/api/v1/notices")
    async def about(request: AnyRequest) -> Response[bytes]:
        """{notices}: who was to be told of a thing, by which channels it was tried, and what became of each try."""
        caller = signed_in(caller_of(request))
        if refusal := may("notices.read", caller.actor):
            raise Problem.of(refusal)
        thing = request.query_params.get("about", "")
        if not thing.startswith(ABOUT):
            raise Problem("bad_query", status=400, name="about")
        names = {account.id: account.name for account in await doors.accounts.accounts()}
        found = [_told(standing, names) for standing in await notices.about(thing)]
        return json_answer(msgspec.json.encode({"notices": found}))

    return [public_key, subscribe, unsubscribe, received, about]


async def _body(request: AnyRequest, kind: type[Any]) -> Any:
    require_json(request.scope)
    return decode(await body(request.scope, request.receive, BODY_MOST), kind)


def _subscription(doors: Doors, caller: Caller, given: Subscribed) -> Subscription:
    return Subscription(
        id=doors.ctx.ids.new(),
        account=caller.actor.id,
        endpoint=given.endpoint,
        p256dh=_bytes(given.keys.p256dh),
        auth=_bytes(given.keys.auth),
        lang=caller.lang,
        made_at=doors.ctx.clock.now(),
    )


def _bytes(text: str) -> bytes:
    """base64url, with or without padding."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Problem("bad_subscription", status=422) from None


async def _make_room(devices: Devices, made: Subscription) -> None:
    """The oldest go when there are too many."""
    others = [each for each in await devices.of(made.account) if each.endpoint != made.endpoint]
    for old in others[: max(0, len(others) - DEVICES_MOST + 1)]:
        await devices.gone(old.id)


def _told(standing: Standing, names: dict[str, str]) -> dict[str, Any]:
    """No address and no device: who, by which channel, when, and with what outcome."""
    notice = standing.notice
    return {
        "id": notice.id,
        "to": notice.to,
        "to_name": names.get(notice.to, ""),
        "says": notice.says,
        "made_at": notice.made_at,
        "expires_at": notice.expires_at,
        "channel": standing.channel,
        "delivered_at": standing.delivered_at,
        "delivered_by": standing.delivered_by,
        "attempts": [_tried(attempt) for attempt in standing.attempts],
    }


def _tried(attempt: Attempt) -> dict[str, Any]:
    return {
        "channel": attempt.channel,
        "state": attempt.state,
        "tries": attempt.tries,
        "at": attempt.at,
        "detail": attempt.detail,
    }
