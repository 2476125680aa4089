"""These routes for GET /api/openapi.json: each in both of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hadir.standards.open311.form import JSON_TYPE, XML_TYPE

_TYPES = {"json": JSON_TYPE.partition(";")[0], "xml": XML_TYPE.partition(";")[0]}
_JURISDICTION = {"jurisdiction_id": "May be left out: one city is served."}
_KEY = {"api_key": "From `hadir token NAME`, of an integrator; also as a bearer token."}
_WINDOW = {
    "start_date": "W3C time with an offset, or a day; at most 90 days before end_date.",
    "end_date": "As start_date.",
}
_FILTERS = {
    "service_request_id": "Ids with commas; overrides all others.",
    "service_code": "Codes with commas.",
    **_WINDOW,
    "status": "open, closed or both with a comma.",
    "page": "From 1.",
    "page_size": "At most 1000.",
    "updated_after": "The present state began at or after this time.",
    "updated_before": "The present state began at or before this time.",
    "bbox": "west,south,east,north in degrees.",
    "extensions": "true: extended_attributes and notes too.",
}
_FIELDS = (
    "api_key, jurisdiction_id, service_code, lat, long, address_string, address_id, attribute[CODE], email, device_id, "
    "account_id, first_name, last_name, phone, description, media_url; as multipart also files: media, photo1…"
)
_UPDATE = "api_key, service_request_id, update_id, status, updated_datetime, description"


class _Route(NamedTuple):
    method: str
    path: str
    summary: str
    query: Mapping[str, str] = {}
    also: tuple[int, ...] = (400, 404)
    takes: str = ""
    success: int = 200


ROUTES: tuple[_Route, ...] = (
    _Route("get", "/open311/discovery", "Who runs this, and where the endpoints are.", also=()),
    _Route("get", "/open311/v2/services", "What can be asked for.", _JURISDICTION),
    _Route("get", "/open311/v2/services/{id}", "What a service asks.", _JURISDICTION),
    _Route("get", "/open311/v2/requests", "Requests, the newest first.", _JURISDICTION | _FILTERS),
    _Route(
        "post",
        "/open311/v2/requests",
        "A request; Idempotency-Key makes a second try get the first answer.",
        also=(400, 403, 404, 409, 413, 415, 503),
        takes=_FIELDS,
        success=201,
    ),
    _Route("get", "/open311/v2/requests/{id}", "One request.", _JURISDICTION | {"extensions": _FILTERS["extensions"]}),
    _Route("get", "/open311/v2/tokens/{id}", "The id that belongs to a token; an id is its own.", _JURISDICTION),
    _Route(
        "get",
        "/open311/v2/servicerequestupdates",
        "All that changed, the oldest first; both dates or none.",
        _JURISDICTION | _KEY | _WINDOW | {name: _FILTERS[name] for name in ("page", "page_size")},
        (400, 403, 404),
    ),
    _Route(
        "post",
        "/open311/v2/servicerequestupdates",
        "The reporter's word: solved or not solved.",
        also=(400, 403, 404, 413, 415, 503),
        takes=_UPDATE,
    ),
)


def paths() -> dict[str, dict[str, Any]]:
    """OpenAPI's `paths` of all routes."""
    found: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        for form, media in _TYPES.items():
            found.setdefault(f"{route.path}.{form}", {})[route.method] = _operation(route, form, media)
    return found | {"/open311/v2/media/{id}/{photo}.jpg": {"get": _photo()}}


def _photo() -> dict[str, Any]:
    """`media_url`: a picture, whose refusals come in the form that Accept names."""
    refused = {"description": "Errors.", "content": {media: {"schema": {}} for media in _TYPES.values()}}
    return {
        "operationId": "get_open311_v2_media_id_photo",
        "summary": "A photo of a request that is public, as somebody has covered it.",
        "tags": ["open311"],
        "parameters": [_parameter("id", "path", "The request."), _parameter("photo", "path", "As media_url names it.")],
        "responses": {
            "200": {"description": "The covered copy.", "content": {"image/jpeg": {"schema": {"type": "string"}}}},
            **{str(status): refused for status in (404, 421, 429, 500)},
        },
    }


def _operation(route: _Route, form: str, media: str) -> dict[str, Any]:
    parameters = [_parameter("id", "path", "The code, id or token.")] if "{id}" in route.path else []
    parameters += [_parameter(name, "query", words) for name, words in route.query.items()]
    schema = {"type": "string"} if form == "xml" else {}
    content = {media: {"schema": schema}}
    refused = {
        str(status): {"description": "Errors: {code, description}.", "content": content} for status in route.also
    }
    always = {str(status): {"description": "Errors.", "content": content} for status in (421, 429, 500)}
    operation: dict[str, Any] = {
        "operationId": f"{route.method}{route.path}_{form}".replace("/", "_").replace("{", "").replace("}", ""),
        "summary": route.summary,
        "tags": ["open311"],
        "parameters": parameters,
        "responses": {str(route.success): {"description": route.summary, "content": content}, **refused, **always},
    }
    if route.takes:
        taken = {"schema": {"type": "object", "description": route.takes}}
        kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, taken)}
    return operation


def _parameter(name: str, where: str, words: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": words,
        "schema": {"type": "string"},
    }
