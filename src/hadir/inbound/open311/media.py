"""`media_url`: the photos of a request that anybody may see, at addresses that stay what they are.

A covered copy, re-encoded and without metadata; never an original, and nothing of a sensitive report or of a kind
whose photos stay closed. What was taken back is gone from here at once, from caches in ten minutes.
"""

from __future__ import annotations

import re

from hadir.actions.context import Context
from hadir.actions.covering import public_copy
from hadir.inbound.kit.asgi import Scope, Send
from hadir.inbound.kit.reply import answer_whole
from hadir.inbound.open311.answers import ANY_PAGE, Form
from hadir.standards.open311.model import Refused, Wrong
from hadir.views.requests import OpenRequests

SIZE = "page"
_REPORT = re.compile(r"[0-9A-Za-z]{1,40}")
_NAME = re.compile(r"([0-9a-f]{64})\.jpg")
_KEPT = ((b"content-type", b"image/jpeg"), (b"cache-control", b"public, max-age=600"), ANY_PAGE)


def address_of(report_id: str, photo: str) -> str:
    """The path of a photo; what it shows is looked up anew at every call."""
    return f"/open311/v2/media/{report_id}/{photo}.jpg"


class Media:
    """Shows them."""

    def __init__(self, ctx: Context, requests: OpenRequests) -> None:
        self._ctx = ctx
        self._requests = requests

    async def get(self, report_id: str, name: str, _form: Form, _scope: Scope, send: Send) -> None:
        """A JPEG of at most 1,600 pixels. Raises Refused(404)."""
        data = await self._found(report_id, name)
        if data is None:
            raise Refused(404, Wrong("not_found"))
        await answer_whole(send, 200, data, _KEPT)

    async def _found(self, report_id: str, name: str) -> bytes | None:
        photo = _NAME.fullmatch(name)
        if photo is None or not _REPORT.fullmatch(report_id):
            return None
        for report in await self._requests.named([report_id]):
            if photo[1] in {each.id for each in report.open_photos}:
                return await public_copy(self._ctx, report_id, photo[1], SIZE)
        return None
