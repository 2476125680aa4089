"""A POST's body as parameters and files: form, multipart (an extension, for photos), or XML."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from urllib.parse import unquote_to_bytes

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from hadir.inbound.kit.asgi import Receive, Scope, body, header
from hadir.standards.open311.asking import FIELDS_MOST, parameters
from hadir.standards.open311.filing import MEDIA_MOST, xml_parameters
from hadir.standards.open311.model import Refused, Wrong

#: 4,000 characters and a few attributes, escaped byte for byte; more is for those with pictures
FORM_MOST = 128 * 1024
#: six photos of a phone, or one of 16 MB
MEDIA_BODY_MOST = 24 * 1024 * 1024
#: `media` (uReport), `photo1`… and `file_…` (FixMyStreet)
_FILE = re.compile(r"media(\[\])?|photo\d?|file_\w{1,40}|media_url(\[\])?")
_UTF8 = {"", "utf-8", "utf8", "us-ascii"}

Params = dict[str, list[str]]


async def read(scope: Scope, receive: Receive) -> tuple[Params, list[bytes]]:
    """(parameters, files). Raises Refused(400), Refused(415), Problem(413), ClientGone."""
    given = header(scope, b"content-type")
    kind, options = ("", {}) if given is None else parse_options_header(given.decode("latin-1"))
    if options.get("charset", "").lower() not in _UTF8:
        raise Refused(415, Wrong("media_type"))
    match kind.lower():
        case "" | "application/x-www-form-urlencoded":
            return parameters(await body(scope, receive, FORM_MOST)), []
        case "multipart/form-data":
            return multipart(await body(scope, receive, MEDIA_BODY_MOST), options.get("boundary", ""))
        case "text/xml" | "application/xml":
            return xml_parameters(await body(scope, receive, FORM_MOST)), []
    raise Refused(415, Wrong("media_type"))


def multipart(data: bytes, boundary: str) -> tuple[Params, list[bytes]]:
    """Raises Refused(400)."""
    params: Params = {}
    files: list[bytes] = []
    segment: MultipartSegment | None = None
    content = bytearray()
    try:
        with PushMultipartParser(boundary, max_segment_count=FIELDS_MOST) as parser:
            for part in (*parser.parse(data), *parser.parse(b"")):
                if isinstance(part, MultipartSegment):
                    segment, content = part, bytearray()
                elif part is not None:
                    content += part
                elif segment is not None:
                    _take(segment, bytes(content), params, files)
    except (MultipartError, ValueError):
        raise Refused(400, Wrong("bad_form")) from None
    if len(files) > MEDIA_MOST:
        raise Refused(400, Wrong("too_many_media", {"most": MEDIA_MOST}))
    return params, files


def _take(segment: MultipartSegment, content: bytes, params: Params, files: list[bytes]) -> None:
    name = segment.name or ""
    if segment.filename is not None:
        if content and _FILE.fullmatch(name):
            files.append(content)
        return
    try:
        value = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, Wrong("not_utf8")) from None
    if value:
        params.setdefault(name, []).append(value)


def data_uri(url: str) -> bytes | None:
    """The bytes of a `data:` URI (RFC 2397); None for another address. Raises ValueError."""
    if url[:5].lower() != "data:":
        return None
    head, comma, rest = url[5:].partition(",")
    if not comma:
        raise ValueError("no data")
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(rest)
    try:
        return b64decode(unquote_to_bytes(rest), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
