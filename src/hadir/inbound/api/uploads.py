"""`/api/v1/uploads`: photos and recordings in pieces, for lines that break.

After the IETF draft «Resumable Uploads for HTTP»: the server says how far it is (`Upload-Offset`), the client goes on
from there. Ours differs in that the phone makes the id, before it has ever reached us, and says the digest of the
whole: so beginning is as repeatable as a command, and what comes out is proved to be what was taken.

POST  {id, length, sha256, type, taken?}          → {id, offset, length}: made, or as it stands
HEAD  /<id>                                       → Upload-Offset, Upload-Length, Upload-Complete
PATCH /<id>  Upload-Offset: n, application/partial-upload → the same, once more of it is on the disk
DELETE /<id>                                      → it is not wanted any more

A piece that is cut stays as far as it came. The last byte brings the checks of `POST /api/v1/photos` or
`POST /api/v1/voices`, and with them `answer`: the id that a command names.
"""

import hashlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hadir.actions import photos, voices
from hadir.actions.context import Context
from hadir.domain.evidence import Taken
from hadir.domain.refusals import Refusal
from hadir.inbound.api.photos import IMAGES
from hadir.inbound.kit.asgi import JSON, NOT_KEPT, App, ClientGone, Header, Receive, Scope, Send, answer, body, header
from hadir.inbound.kit.bodies import decode, require_json
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, not_over
from hadir.inbound.kit.problems import Problem
from hadir.ports.journal import DiskFull
from hadir.ports.partials import OffsetDiffers, Partial, TooManyUploads, UploadDiffers, UploadUnknown
from hadir.ports.wire import UNREAD

log = logging.getLogger(__name__)

PREFIX = "/api/v1/uploads"
SOUNDS = frozenset({"audio/mp4", "audio/webm", "audio/ogg"})
BODY_MOST = 1024
PIECE = b"application/partial-upload"
# As long as a command's first answer is remembered: a phone may be away as long for both.
KEPT = timedelta(days=7)
# Old uploads are looked for at most so often, by whoever begins one.
EXPIRE_EVERY_S = 3600.0


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """An upload as the phone announces it."""

    id: Annotated[str, Meta(pattern="^[0-9A-Za-z_-]{16,64}$")]
    length: Annotated[int, Meta(ge=1, le=photos.MAX_BYTES)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    type: Annotated[str, Meta(max_length=100)]
    #: of a photo: when, where and how, as the header X-Hadir-Taken of `POST /api/v1/photos` says it
    taken: Taken | None = None


class UploadDoor:
    """One bare door: pieces are written while they come, so that a cut loses nothing."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._partials = doors.partials
        self._expired_at = float("-inf")

    def __call__(self, method: str, path: str) -> App | None:
        if path == PREFIX:
            return self._begin if method == "POST" else None
        if not path.startswith(f"{PREFIX}/"):
            return None
        return {"HEAD": self._stands, "GET": self._stands, "PATCH": self._piece, "DELETE": self._drop}.get(method)

    async def _begin(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = not_over(scope["state"]["caller"])
        self._doors.throttle.photo(caller)
        require_json(scope)
        asked = decode(await body(scope, receive, BODY_MOST), Upload)
        if asked.type not in IMAGES | SOUNDS:
            raise Problem("unsupported_image", status=415)
        if not self._doors.ctx.disk.writable():
            raise DiskFull
        await self._expire()
        wanted = Partial(id=asked.id, length=asked.length, sha256=asked.sha256, type=asked.type, taken=asked.taken)
        try:
            stands = await self._partials.begin(_owner(caller), wanted)
        except UploadDiffers:
            raise Problem("upload_differs", status=409) from None
        except TooManyUploads:
            raise Problem("too_many_uploads", status=429, headers=[(b"retry-after", b"60")]) from None
        # Whole, but its taker was killed before he could say so.
        await _told(send, await self._finished(caller, stands), 201)

    async def _stands(self, scope: Scope, _receive: Receive, send: Send) -> None:
        caller = not_over(scope["state"]["caller"])
        with _known():
            stands = await self._partials.find(_owner(caller), _id(scope))
        await _told(send, stands, 200)

    async def _piece(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = not_over(scope["state"]["caller"])
        self._doors.throttle.piece(caller)
        if (header(scope, b"content-type") or b"").partition(b";")[0].strip() != PIECE:
            raise Problem("unsupported_media", status=415)
        offset = header(scope, b"upload-offset") or b""
        if not offset.isdigit():
            raise Problem("upload_offset", status=409, offset=0)
        if not self._doors.ctx.disk.writable():
            raise DiskFull
        with _known():
            stands = await self._partials.extend(_owner(caller), _id(scope), int(offset), _pieces(scope, receive))
        await _told(send, await self._finished(caller, stands), 200)

    async def _drop(self, scope: Scope, _receive: Receive, send: Send) -> None:
        caller = not_over(scope["state"]["caller"])
        with _known():
            await self._partials.drop(_owner(caller), _id(scope))
        await answer(send, 204, b"", (NOT_KEPT,))

    async def _finished(self, caller: Caller, stands: Partial) -> Partial:
        """Its answer, once the last byte is there. What cannot be taken goes: the phone has it still."""
        if stands.answer is not None or stands.offset < stands.length:
            return stands
        owner = _owner(caller)
        data = await self._partials.read(owner, stands.id)
        if hashlib.sha256(data).hexdigest() != stands.sha256:
            await self._partials.drop(owner, stands.id)
            raise Problem("upload_broken", status=422)
        named = await _take(self._doors.ctx, caller, stands, data)
        if isinstance(named, Refusal):
            await self._partials.drop(owner, stands.id)
            raise Problem.of(named)
        return await self._partials.taken(owner, stands.id, named)

    async def _expire(self) -> None:
        now = self._doors.ctx.clock.monotonic()
        if now - self._expired_at < EXPIRE_EVERY_S:
            return
        self._expired_at = now
        if gone := await self._partials.expire(self._doors.ctx.clock.now() - KEPT):
            log.info("%d old uploads are gone", gone, extra={"action": "uploads.expire"})


async def _take(ctx: Context, caller: Caller, stands: Partial, data: bytes) -> str | Refusal:
    if stands.type in SOUNDS:
        return await voices.add(ctx, caller.actor, data)
    return await photos.add(ctx, caller.actor, data, taken=stands.taken)


def _owner(caller: Caller) -> str:
    return caller.actor.id


def _id(scope: Scope) -> str:
    return str(scope["path"])[len(PREFIX) + 1 :]


async def _pieces(scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes. Raises ClientGone when the line breaks; what came before is kept."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            if rest := scope["state"].pop(UNREAD, b""):
                yield rest
            raise ClientGone
        if data := message.get("body", b""):
            yield data
        if not message.get("more_body"):
            return


class _known:
    """What the store says, as a refusal."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        match error:
            case UploadUnknown():
                raise Problem("no_such_upload", status=404) from None
            case OffsetDiffers():
                raise Problem("upload_offset", status=409, offset=error.actual, headers=_at(error.actual)) from None
            case ValueError():
                raise Problem("body_too_large", status=413) from None
            case _:
                return


def _at(offset: int) -> list[Header]:
    return [(b"upload-offset", str(offset).encode())]


async def _told(send: Send, stands: Partial, status: int) -> None:
    complete = b"?1" if stands.answer is not None else b"?0"
    headers = [*_at(stands.offset), (b"upload-length", str(stands.length).encode()), (b"upload-complete", complete)]
    told = {"id": stands.id, "offset": stands.offset, "length": stands.length, "answer": stands.answer}
    await answer(send, status, msgspec.json.encode(told), (JSON, NOT_KEPT, *headers))
