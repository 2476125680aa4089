"""How the routes of the API answer: JSON that nobody keeps, compressed for who takes it."""

from typing import Any

from litestar import Request, Response

from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.packing import PACK_FROM, Packed

NO_STORE = {"cache-control": "no-store", "vary": "accept-encoding, cookie, authorization"}

AnyRequest = Request[Any, Any, Any]


def caller_of(request: AnyRequest) -> Caller:
    """Who calls, as the front has found out."""
    return request.state.caller  # type: ignore[no-any-return]


def json_answer(data: bytes, status: int = 200) -> Response[bytes]:
    return Response(data, status_code=status, media_type="application/json", headers=NO_STORE)


class PackedAnswers:
    """Bigger answers; `name` says what the bytes are and for whom, so that the same bytes are compressed once."""

    def __init__(self) -> None:
        self._packed = Packed()

    async def json(self, request: AnyRequest, name: str, data: bytes) -> Response[bytes]:
        answer = json_answer(data)
        if len(data) > PACK_FROM and "gzip" in request.headers.get("accept-encoding", ""):
            answer.content = await self._packed.gzip(name, data)
            answer.headers["content-encoding"] = "gzip"
        return answer
