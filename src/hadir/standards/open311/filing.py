"""What a client sends in: POST Service Request and, of the extensions, POST servicerequestupdates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from math import isfinite
from typing import Any

import msgspec

from hadir.standards.open311.asking import Params, first, moment
from hadir.standards.open311.form import Element, NotXml, parse_xml
from hadir.standards.open311.model import DESCRIPTION_MOST, Attribute, Refused, Wrong

#: attribute[CODE]=value, and attribute[CODE][]=a&attribute[CODE][]=b for lists of several
_ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\[\]]{1,64})\](?:\[\d{0,3}\])?")
#: field → its most characters
LIMITS = {
    "description": DESCRIPTION_MOST,
    "address_string": 500,
    "address_id": 64,
    "service_code": 64,
    "email": 200,
    "phone": 30,
    "first_name": 100,
    "last_name": 100,
    "device_id": 200,
    "account_id": 200,
    "title": 200,
    "update_id": 200,
    "service_request_id": 64,
}
#: «media_url», which clients also repeat; more are not one report
MEDIA_MOST = 6
MEDIA_URL_MOST = 2000


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """POST Service Request. The location is (lat and long), address_string or address_id; several may be given."""

    service_code: str
    lat: float | None = None
    long: float | None = None
    address_string: str | None = None
    address_id: str | None = None
    attributes: Mapping[str, tuple[str, ...]] = {}
    email: str | None = None
    device_id: str | None = None
    account_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    description: str | None = None
    media_url: tuple[str, ...] = ()


#: Extension: the statuses that FixMyStreet and its adapters say.
UPDATE_STATUSES = frozenset(
    {"OPEN", "FIXED", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING", "DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY"}
    | {"NO_FURTHER_ACTION", "INTERNAL_REFERRAL", "FOR_TRIAGE", "CLOSED", "CANCELLED", "REOPEN"}
)


class FiledUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """Extension: POST servicerequestupdates. All of these are required."""

    service_request_id: str
    update_id: str
    status: str
    updated_datetime: datetime
    description: str


def xml_parameters(data: bytes) -> dict[str, list[str]]:
    """A request sent as XML (`<request>`, also inside `<service_requests>`) as the same parameters as a form's.

    The standard has clients send forms; this is for those that send what they read. Raises Refused(400).
    """
    try:
        root = parse_xml(data)
    except NotXml:
        raise Refused(400, Wrong("bad_xml")) from None
    if root.name == "service_requests" and len(root.children) == 1:
        root = root.children[0]
    found: dict[str, list[str]] = {}
    for name, value in _pairs(root):
        if value.strip():
            found.setdefault(name, []).append(value)
    return found


def _pairs(root: Element) -> Iterator[tuple[str, str]]:
    for child in root.children:
        if child.name == "attributes":
            for each in child.children:
                parts = {part.name: part.text for part in each.children}
                yield f"attribute[{parts.get('code', '')}]", parts.get("value", "")
        else:
            yield child.name, child.text


def filed(params: Params) -> Filed:
    """POST Service Request, without what only the city knows (its services and their attributes).

    Raises Refused(400) with everything that is missing or too long.
    """
    wrong: list[Wrong] = []
    known, attributes = _taken(params, wrong)
    code = known.pop("service_code", "")
    if not code and first(params, "service_code") is None:
        wrong.append(Wrong("missing", {"name": "service_code"}))
    lat, long = _degrees(params, "lat", 90, wrong), _degrees(params, "long", 180, wrong)
    has_lat, has_long = first(params, "lat") is not None, first(params, "long") is not None
    if has_lat != has_long:
        wrong.append(Wrong("half_a_point"))
    elif not (has_lat or "address_string" in known or "address_id" in known):
        wrong.append(Wrong("no_location"))
    media = _media(params)
    if len(media) > MEDIA_MOST:
        wrong.append(Wrong("too_many_media", {"most": MEDIA_MOST}))
    if wrong:
        raise Refused(400, *wrong)
    return Filed(service_code=code, lat=lat, long=long, attributes=attributes, media_url=media, **known)


def _taken(params: Params, wrong: list[Wrong]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """(texts that are not empty, attributes), in one walk: a city's app files thousands an hour."""
    known: dict[str, str] = {}
    attributes: dict[str, tuple[str, ...]] = {}
    for name, values in params.items():
        if (most := LIMITS.get(name)) is not None:
            text = values[0].strip()
            if len(text) > most:
                wrong.append(Wrong("too_long", {"name": name, "most": most}))
            elif text and name in _TEXTS:
                known[name] = text
        elif name[:9] == "attribute" and (match := _ATTRIBUTE.fullmatch(name)):
            code = match["code"]
            attributes[code] = attributes.get(code, ()) + tuple(value.strip() for value in values)
    return known, attributes


def _media(params: Params) -> tuple[str, ...]:
    if "media_url" not in params and "media_url[]" not in params:
        return ()
    return tuple(url.strip() for name in ("media_url", "media_url[]") for url in params.get(name, ()) if url.strip())


_TEXTS = frozenset(name for name in LIMITS if name in Filed.__struct_fields__)


def _too_long(params: Params) -> Iterator[Wrong]:
    for name, values in params.items():
        most = LIMITS.get(name)
        if most is not None and len(values[0].strip()) > most:
            yield Wrong("too_long", {"name": name, "most": most})


def _degrees(params: Params, name: str, most: float, wrong: list[Wrong]) -> float | None:
    """lat, long: WGS84."""
    text = first(params, name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if isfinite(value) and -most <= value <= most:
        return value
    wrong.append(Wrong("parameter", {"name": name}))
    return None


def check_attributes(given: Mapping[str, Sequence[str]], questions: Sequence[Attribute], zone: tzinfo) -> None:
    """The answers fit the service's definition: required ones are there, values are of the list or of the datatype.

    «required: any value of true means it must be sent». Attributes that the definition does not have are passed over:
    the standard says nothing of them, and an older client may still send what was asked last year. Raises Refused(400).
    """
    wrong: list[Wrong] = []
    for question in questions:
        if not question.variable:
            continue
        answers = given.get(question.code, ())
        if question.required and not answers:
            wrong.append(Wrong("missing_attribute", {"code": question.code}))
        elif any(not _fits(answer, question, zone) for answer in answers):
            wrong.append(Wrong("attribute_value", {"code": question.code}))
        elif len(answers) > 1 and question.datatype != "multivaluelist":
            wrong.append(Wrong("one_value", {"code": question.code}))
    if wrong:
        raise Refused(400, *wrong)


def _fits(answer: str, question: Attribute, zone: tzinfo) -> bool:
    match question.datatype:
        case "singlevaluelist" | "multivaluelist":
            return any(answer == value.key for value in question.values or ())
        case "number":
            return _reads(float, answer) and isfinite(float(answer))
        case "datetime":
            return _reads(moment, answer, zone)
        case _:
            return len(answer) <= DESCRIPTION_MOST


def _reads(reader: Any, *arguments: Any) -> bool:
    try:
        reader(*arguments)
    except ValueError:
        return False
    return True


def filed_update(params: Params, zone: tzinfo) -> FiledUpdate:
    """Extension: POST servicerequestupdates. Raises Refused(400) with everything that is missing or wrong."""
    wrong = list(_too_long(params))
    known = {name: first(params, name) for name in FiledUpdate.__struct_fields__}
    wrong += [Wrong("missing", {"name": name}) for name, value in known.items() if value is None]
    status = (known["status"] or "").upper()
    if status and status not in UPDATE_STATUSES:
        wrong.append(Wrong("parameter", {"name": "status"}))
    at = known["updated_datetime"]
    if at is not None and not _reads(moment, at, zone):
        wrong.append(Wrong("parameter", {"name": "updated_datetime"}))
    if wrong:
        raise Refused(400, *wrong)
    told = {**known, "status": status, "updated_datetime": moment(at or "", zone)}
    return FiledUpdate(**told)  # type: ignore[arg-type]
