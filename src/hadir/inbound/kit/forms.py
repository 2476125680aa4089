"""Forms from outside, plain or multipart: their fields and their files.

Text is UTF-8, whatever a part says of itself. A part may name any charset, and Litestar would read it by that: some
are none (500), and «punycode» takes nine seconds for 600 KB, in which nobody else is served.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from hadir.inbound.kit.problems import Problem

#: The longest form has some thirty parts.
PARTS_MOST = 200
#: All text of a form together; files have limits of their own.
TEXT_MOST = 128 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form as it came in. A name that comes twice keeps its first value."""

    fields: dict[str, str]
    files: tuple[UploadFile, ...]


@asynccontextmanager
async def opened(request: Request[Any, Any, Any]) -> AsyncIterator[Form]:
    """The form; its files are gone afterwards.

    Raises Problem: 400 for what is no form or not UTF-8, 413 for more text than any form has.
    """
    kind, options = request.content_type
    taken = _Taken()
    try:
        if kind == RequestEncodingType.MULTI_PART:
            await _multipart(request, options.get("boundary", ""), taken)
        elif kind == RequestEncodingType.URL_ENCODED:
            _plain(await request.body(), taken)
        yield Form(fields=taken.fields, files=tuple(taken.files))
    finally:
        await taken.close()


async def fields(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Of a form without files. Raises Problem, as `opened`."""
    async with opened(request) as form:
        return form.fields


def _plain(data: bytes, taken: _Taken) -> None:
    if len(data) > TEXT_MOST:
        raise Problem("body_too_large", status=413, most=TEXT_MOST)
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, errors="strict", max_num_fields=PARTS_MOST)
    except UnicodeDecodeError:
        raise Problem("not_utf8", status=400) from None
    except ValueError:
        raise Problem.of_status(400) from None
    for name, value in pairs:
        taken.fields.setdefault(name, value)


async def _multipart(request: Request[Any, Any, Any], boundary: str, taken: _Taken) -> None:
    try:
        with PushMultipartParser(boundary, max_segment_count=PARTS_MOST) as parser:
            async for chunk in request.stream():
                # Nothing would be the end to the parser.
                for part in parser.parse(chunk) if chunk else ():
                    await taken.take(part)
            for part in parser.parse(b""):
                await taken.take(part)
    except (MultipartError, ValueError):
        raise Problem.of_status(400) from None


class _Taken:
    """What has come so far."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.files: list[UploadFile] = []
        self._name = ""
        self._file: UploadFile | None = None
        self._text = bytearray()
        self._room = TEXT_MOST

    async def take(self, part: MultipartSegment | bytes | None) -> None:
        """A part's head, some of its bytes, or its end."""
        if isinstance(part, MultipartSegment):
            self._begin(part)
        elif part is None:
            await self._end()
        elif self._file is not None:
            await self._file.write(part)
        else:
            self._room -= len(part)
            if self._room < 0:
                raise Problem("body_too_large", status=413, most=TEXT_MOST)
            self._text += part

    def _begin(self, head: MultipartSegment) -> None:
        self._name, self._file, self._text = head.name or "", None, bytearray()
        # Where no file was chosen, browsers send an empty name.
        if head.filename:
            media = head.content_type or "text/plain"
            self._file = UploadFile(content_type=media, filename=head.filename, headers=dict(head.headerlist))
            self.files.append(self._file)

    async def _end(self) -> None:
        if self._file is not None:
            await self._file.seek(0)
            return
        try:
            self.fields.setdefault(self._name, self._text.decode("utf-8"))
        except UnicodeDecodeError:
            raise Problem("not_utf8", status=400) from None

    async def close(self) -> None:
        for file in self.files:
            await file.close()
