"""The documents of GeoReport v2. Field names are the standard's own, in the standard's order.

None is «not known»: `null` in JSON, an empty element in XML. UNSET is «not part of this answer»: no member at all,
which is how the fields of extensions stay out of the answers to clients that did not ask for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
#: DESCRIPTION «must be no more than 4,000 characters»
DESCRIPTION_MOST = 4000

Status = Literal["open", "closed"]
Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
Text = str | None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The base of all."""


class Endpoint(Document, frozen=True, kw_only=True):
    """Service discovery: one address of one specification. All members are required."""

    specification: str = SPECIFICATION
    url: str
    changeset: datetime
    type: Literal["production", "test"]
    #: media types
    formats: tuple[str, ...]


class Discovery(Document, frozen=True, kw_only=True):
    """GET discovery: who runs this, where keys are asked for, which endpoints there are."""

    changeset: datetime
    contact: str
    key_service: str
    endpoints: tuple[Endpoint, ...]


class Service(Document, frozen=True, kw_only=True):
    """GET Service List: what can be asked for."""

    service_code: str
    service_name: str
    description: Text = None
    #: there is a definition with attributes
    metadata: bool
    #: realtime: the id comes with the answer; batch: a token; blackbox: neither
    type: Literal["realtime", "batch", "blackbox"] = "realtime"
    #: comma-separated
    keywords: Text = None
    group: Text = None


class Value(Document, frozen=True, kw_only=True):
    """GET Service Definition: one choice of a list. `key` is what is sent."""

    key: str
    name: str


class Attribute(Document, frozen=True, kw_only=True):
    """GET Service Definition: one question. `variable` False: it is told to the citizen and not asked."""

    variable: bool
    code: str
    datatype: Datatype
    required: bool
    datatype_description: Text = None
    #: from 1
    order: int
    description: Text = None
    values: tuple[Value, ...] | UnsetType = UNSET


class ServiceDefinition(Document, frozen=True, kw_only=True):
    """GET Service Definition: the questions of a service whose `metadata` is true."""

    service_code: str
    attributes: tuple[Attribute, ...]


class Note(Document, frozen=True, kw_only=True):
    """Extension `extensions=true`: what happened to a request, in words."""

    datetime: datetime
    description: str
    type: str


class Photo(Document, frozen=True, kw_only=True):
    """Extension: one picture that may be shown."""

    media_url: str


class Extended(Document, frozen=True, kw_only=True):
    """Extension: what the standard has no field for."""

    channel: Text = None
    #: live, simulation or replay
    origin: Text = None
    photos: tuple[Photo, ...] = ()


class Answered(Document, frozen=True, kw_only=True):
    """Extension: the answer to one attribute of a request."""

    code: str
    value: str


class Request(Document, frozen=True, kw_only=True, gc=False):
    """GET Service Requests: one request. `updated_datetime` of a closed one is when it was closed."""

    service_request_id: str
    status: Status
    status_notes: Text = None
    service_name: Text = None
    service_code: str
    description: Text = None
    agency_responsible: Text = None
    service_notice: Text = None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None = None
    #: the most specific part first
    address: Text = None
    address_id: Text = None
    zipcode: Text = None
    #: WGS84
    lat: float | None = None
    long: float | None = None
    media_url: Text = None
    attributes: tuple[Answered, ...] | UnsetType = UNSET
    extended_attributes: Extended | UnsetType = UNSET
    notes: tuple[Note, ...] | UnsetType = UNSET


class Created(Document, frozen=True, kw_only=True):
    """POST Service Request: its id or, where ids come later, a token; never both."""

    service_request_id: str | UnsetType = UNSET
    token: str | UnsetType = UNSET
    service_notice: Text = None
    account_id: Text = None


class Token(Document, frozen=True, kw_only=True):
    """GET service_request_id from a token."""

    service_request_id: str
    token: str


class Update(Document, frozen=True, kw_only=True):
    """Extension `servicerequestupdates`: one change of one request."""

    update_id: str
    service_request_id: str
    status: str
    updated_datetime: datetime
    description: Text = None
    media_url: Text = None
    external_status_code: Text = None


class Updated(Document, frozen=True, kw_only=True):
    """Extension: the answer to POST servicerequestupdates."""

    update_id: str


class Error(Document, frozen=True, kw_only=True):
    """Errors: `code` may say more than the HTTP status does."""

    code: int
    description: str


class Refused(Exception):
    """It cannot be accepted: an HTTP status and all that is wrong, each with words from the catalogue.

    400 is everything that has no other status; 403 a missing or wrong api_key; 404 a jurisdiction, service, token or
    request that is not there.
    """

    def __init__(self, status: int, *wrong: Wrong) -> None:
        super().__init__(f"{status} {', '.join(each.code for each in wrong)}")
        self.status = status
        self.wrong = wrong


class Wrong(msgspec.Struct, frozen=True):
    """One error: the end of its key in the catalogue (`open311.error.<code>`), and what fills the gaps."""

    code: str
    params: dict[str, Any] = {}
