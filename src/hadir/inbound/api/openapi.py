"""One OpenAPI document for all routes, the bare ones too, made from the registry of commands and the table below."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from hadir.actions.registry import COMMANDS
from hadir.domain.people import PERMISSIONS
from hadir.inbound.api.notices import Ended, Received, Subscribed
from hadir.inbound.api.positions import Position, Positions
from hadir.inbound.api.reach import Reach
from hadir.inbound.api.uploads import Upload
from hadir.inbound.kit.problems import FieldProblem

REF = "#/components/schemas/{name}"


class Read(NamedTuple):
    """One route that is no command."""

    method: str
    path: str
    summary: str
    #: query parameters: name → what it is
    query: Mapping[str, str] = {}
    #: media type of the answer
    gives: str = "application/json"
    #: statuses beside 200 and the ones everything may give
    also: tuple[int, ...] = ()
    #: media type of the body, and its schema's name when it is JSON
    takes: str = ""
    body: str = ""


_OPEN_FILTERS = {
    "kind": "Categories of the pack, separated by commas.",
    "agency": "Agencies that act first, separated by commas.",
    "area": "Areas' codes, separated by commas.",
    "state": "new, work, done, none; separated by commas.",
    "from": "The first day of receipt, in the city's zone.",
    "to": "The last day.",
    "bbox": "west,south,east,north in degrees.",
    "only": "answered, waiting, solved or reopened.",
    "origin": "live (when not said), simulation, replay or all.",
    "limit": "At most so many.",
    "before": "Where to go on: see the Link header.",
    "lang": "id or en: the language of names.",
}

_AFTER = {"after": "Wait up to 2 s until the view has reached this position (or event id)."}

READS: tuple[Read, ...] = (
    Read(
        "get",
        "/api/v1/board",
        "The caller's own picture: {epoch, position, board: {reports, incidents, tasks, orders, units, areas}}.",
        {"things": "Only these groups, separated by commas."} | _AFTER,
        also=(400,),
    ),
    Read(
        "get",
        "/api/v1/live",
        "Everything after a position as server-sent events: fact, beat, reading, resync.",
        {"after": "The last event's id, «<epoch>-<position>». The header Last-Event-ID wins."},
        gives="text/event-stream",
        also=(503,),
    ),
    Read(
        "get",
        "/api/v1/effort",
        "{effort}: null, or {task, bits}: a number is asked for so that SHA-256 of «task:number» begins with so many "
        "zero bits. «task:number» goes into the header X-Hadir-Effort of the report with this command_id.",
        {"command_id": "The id that the report will have.", "area": "The kelurahan that it will name."},
        also=(400, 429),
    ),
    Read(
        "get",
        "/api/v1/map",
        "{marks}: the caller's reports in a rectangle, the newest first; for the command centre also what is over.",
        {
            "bbox": "west,south,east,north in degrees.",
            "states": "Only these, separated by commas.",
            "categories": "Only these, separated by commas.",
            "limit": "At most so many; 500 when not said.",
        }
        | _AFTER,
        also=(400,),
    ),
    Read(
        "get",
        "/api/v1/incidents/{id}/dispatch",
        "Who can go there: {incident, at, suggestions, missing}; each officer with his reasons.",
        also=(401, 403, 404),
    ),
    Read(
        "get",
        "/api/v1/incidents/{id}",
        "An incident as the caller's board shows it; 307 to the one that goes on where it was merged.",
        also=(307, 404),
    ),
    Read(
        "get",
        "/api/v1/incidents/{id}/similar",
        "Open incidents that may be the same, the likeliest first: {similar: [{id, score, suggested, reasons}]}.",
        also=(401, 403, 404),
    ),
    Read(
        "get",
        "/api/v1/reports/{id}/triage",
        "What triage makes of a report: {marks, categories, sure, measured, languages, place, masked, same}.",
        also=(401, 403, 404),
    ),
    Read(
        "get",
        "/api/v1/reports/{id}/media",
        "{media}: addresses of pictures elsewhere that came with a report by Open311; never fetched by us.",
        also=(401, 403, 404),
    ),
    Read(
        "get",
        "/api/v1/training",
        "{training, margin, least_rows}: how the model in use did in its examination; null without one.",
        also=(401, 403),
    ),
    Read(
        "get",
        "/api/v1/reports/{id}/personal",
        "A report's own words, exact place and contact, unmasked; who asked and why is on the log first.",
        {"reason": "Why: at least ten characters."},
        also=(401, 403, 404, 422),
    ),
    Read(
        "get",
        "/api/v1/access",
        "Who looked at what of a person, the newest first: {looks, months}. For the auditor.",
        {
            "actor": "Only looks of this account.",
            "what": "original, voice, personal, export, data or log.",
            "thing": "Only of this thing, «report/<id>».",
            "since": "RFC 3339, with a zone.",
            "until": "RFC 3339, with a zone.",
            "before": "Only older than this one (its n).",
            "limit": "At most so many; 100 when not said.",
        },
        also=(400, 401, 403),
    ),
    Read("get", "/api/v1/incidents/{id}/timeline", "What happened: {items}.", _AFTER, also=(400, 401, 404)),
    Read(
        "post",
        "/api/v1/units/{id}/position",
        "Where the officer is; a reading that the next one replaces.",
        takes="application/json",
        also=(400, 401, 403, 404, 413, 415, 422, 429),
        body="Position",
    ),
    Read(
        "post",
        "/api/v1/units/{id}/positions",
        "What a phone on duty gathered, and what it could not send earlier; late ones are history.",
        takes="application/json",
        also=(400, 401, 403, 404, 413, 415, 422, 429),
        body="Positions",
    ),
    Read(
        "post",
        "/api/v1/voices",
        "A recording's bytes (MP4, WebM or Ogg with sound) → {voice_id}.",
        takes="audio/*",
        also=(401, 413, 422),
    ),
    Read(
        "get",
        "/api/v1/orders/{id}/voices/{voice}",
        "A recording of an order or of its read-back, byte for byte as received; Range is answered.",
        gives="audio/mp4",
        also=(206, 401, 404, 416),
    ),
    Read(
        "get",
        "/api/v1/reports/{id}/voice",
        "What a citizen said instead of typing, as received; for the command centre. Range is answered.",
        gives="audio/mp4",
        also=(206, 401, 403, 404, 416),
    ),
    Read(
        "get",
        "/api/v1/orders/stats",
        "How orders went: p50 and p90 of each hop, shares read back, corrected and misunderstood; the orders.",
        {"from": "RFC 3339 or a date; 30 days before `to` when not said.", "to": "Not in it; now when not said."},
        also=(400, 401, 403),
    ),
    Read(
        "post",
        "/api/v1/photos",
        "A photo's bytes → {photo_id}. X-Hadir-Taken: JSON of device_at, lat, lon, accuracy_m, source, reduced.",
        takes="image/*",
        also=(400, 413, 415, 422),
    ),
    Read(
        "post",
        "/api/v1/uploads",
        "Begins a photo or a recording that comes in pieces, or says where it stands → {id, offset, length, answer}.",
        takes="application/json",
        also=(400, 401, 409, 413, 415, 422, 429, 503),
        body="Upload",
    ),
    Read("get", "/api/v1/uploads/{id}", "Where it stands; HEAD says the same in Upload-Offset.", also=(401, 404)),
    Read(
        "patch",
        "/api/v1/uploads/{id}",
        "The next piece, from the byte that the header Upload-Offset names; `answer` after the last one.",
        takes="application/partial-upload",
        also=(401, 404, 409, 413, 415, 422, 429, 503),
    ),
    Read(
        "get",
        "/api/v1/photos/{id}",
        "A re-encoded copy of a photo, without metadata.",
        {"size": "thumb or page."},
        gives="image/jpeg",
        also=(400, 404),
    ),
    Read("get", "/api/v1/push/key", "{key}: what a browser subscribes to, base64url.", also=(401,)),
    Read(
        "post",
        "/api/v1/push/subscriptions",
        "This browser rings for the caller: what `PushSubscription.toJSON()` gives.",
        takes="application/json",
        body="Subscribed",
        also=(400, 401, 413, 415, 422, 429),
    ),
    Read(
        "delete",
        "/api/v1/push/subscriptions",
        "It does not ring any more: {endpoint}.",
        takes="application/json",
        body="Ended",
        also=(400, 401, 404, 413, 415, 422),
    ),
    Read(
        "post",
        "/api/v1/push/received",
        "A device shows this notice: {id}. No further channel is needed.",
        takes="application/json",
        body="Received",
        also=(400, 401, 404, 413, 415, 422, 429),
    ),
    Read(
        "get",
        "/api/v1/notices",
        "{notices}: who was to be told of a thing, every try, and what became of it.",
        {"about": "The thing, such as orders/01J…."},
        also=(400, 401, 403),
    ),
    Read(
        "get",
        "/api/v1/people/{id}/reach",
        "How a person is reached when no phone answers: {account, channels, quiet, city}. Others' are masked.",
        also=(401, 403, 404),
    ),
    Read(
        "put",
        "/api/v1/people/{id}/reach",
        "Sets what is given: addresses (an empty one takes the channel away), quiet hours (null: the city's).",
        takes="application/json",
        body="Reach",
        also=(400, 401, 403, 404, 413, 415, 422, 429),
    ),
    Read(
        "get",
        "/api/v1/photos/{id}/original",
        "The bytes as they were received. Each opening is a fact with who and why, on the photo's report or task.",
        {"reason": "Why it has to be seen, 10 to 500 characters."},
        gives="application/octet-stream",
        also=(401, 403, 404, 422, 429, 503),
    ),
    Read(
        "get",
        "/api/v1/ratings",
        "How reporters rated results, by agency: good, fair, poor, n. An agency sees its own; nobody sees a person's.",
        {"from": "RFC 3339 or a date; 30 days before `to` when not said.", "to": "Not in it; now when not said."},
        also=(400, 401, 403),
    ),
    Read("get", "/api/v1/me", "Who the caller is.", also=(401,)),
    Read("get", "/api/v1/city", "The city pack in the caller's language."),
    Read("get", "/api/v1/areas.geojson", "The areas' borders, WGS84.", gives="application/geo+json"),
    *(
        Read("get", f"/data/laporan.{form}", f"What is public of reports, as {name}.", _OPEN_FILTERS, gives, (304, 400))
        for form, name, gives in (
            ("geojson", "GeoJSON (RFC 7946)", "application/geo+json"),
            ("csv", "CSV (RFC 4180)", "text/csv"),
            ("atom", "Atom (RFC 4287)", "application/atom+xml"),
        )
    ),
    Read("get", "/healthz", "The process answers."),
    Read("get", "/readyz", "The database answers and the board has caught up.", also=(503,)),
    Read("get", "/metrics", "Prometheus' text; on this computer, or with a key.", gives="text/plain", also=(403,)),
    Read("get", "/api/openapi.json", "This document."),
    Read("get", "/api/docs", "This document as a page.", gives="text/html"),
    Read("post", "/masuk", "Sign in with a form: name, password, next.", takes="application/x-www-form-urlencoded"),
    Read("post", "/keluar", "Sign out."),
)


class ProblemDocument(msgspec.Struct, kw_only=True):
    """A refusal (RFC 9457). More members may stand beside: the values of the sentence."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: list[FieldProblem] = []


class DoneDocument(msgspec.Struct, kw_only=True):
    """A carried-out command. `version`: of the thing; null when nothing had to change."""

    id: str
    position: int
    version: int | None


class ReceivedDocument(DoneDocument, kw_only=True):
    """A received report. The tracking link is the reporter's secret."""

    report_id: str
    tracking_url: str
    #: true: it is kept, and somebody looks at it before it joins the queue
    held: bool = False


def document(title: str, version: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """OpenAPI 3.1. `more`: the paths of doors that speak a standard of their own."""
    bodies = sorted({use.body for use in COMMANDS.values()}, key=lambda kind: kind.__name__)
    kinds = [
        *bodies,
        Position,
        Positions,
        Upload,
        Subscribed,
        Ended,
        Reach,
        Received,
        ProblemDocument,
        DoneDocument,
        ReceivedDocument,
    ]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=REF)
    paths: dict[str, dict[str, Any]] = dict(more or {})
    for things, verb in COMMANDS:
        path = f"/api/v1/{things}/{{id}}/{verb}" if verb else f"/api/v1/{things}"
        paths.setdefault(path, {})["post"] = _command(things, verb)
    for read in READS:
        paths.setdefault(read.path, {})[read.method] = _read(read)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": _ABOUT},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "From `hadir token NAME`."},
                "session": {"type": "apiKey", "in": "cookie", "name": "hadir_session", "description": "From /masuk."},
            },
        },
        "security": [{}, {"token": []}, {"session": []}],
    }


_ABOUT = (
    "Every command carries a `command_id` that its sender makes before the first try: sent again, it gets the first "
    "answer. A refusal is a problem document (RFC 9457) with a `code` and a sentence in the caller's language "
    "(`?lang=`, the language cookie, Accept-Language). Fields that are not known are ignored."
)


def _command(things: str, verb: str) -> dict[str, Any]:
    use = COMMANDS[things, verb]
    allowed = PERMISSIONS.get(use.verb, {})
    who = ", ".join(f"{role} ({scope})" for role, scope in sorted(allowed.items()))
    success, kind = ("200", "DoneDocument") if verb else ("201", "DoneDocument")
    if (things, verb) == ("reports", ""):
        kind = "ReceivedDocument"
    return {
        "operationId": f"{things}_{verb}".strip("_").replace("-", "_"),
        "summary": use.words,
        "description": f"For: {who}.",
        "tags": [things],
        **({"parameters": [_ID]} if verb else {}),
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(use.body.__name__)}}},
        "responses": {
            success: {"description": "Done, and on disk.", "content": {"application/json": {"schema": _ref(kind)}}},
            **_problems(400, 401, 403, 404, 409, 413, 415, 421, 422, 429, 500, 503),
        },
    }


_MAKES = frozenset({"/api/v1/photos", "/api/v1/uploads", "/api/v1/push/subscriptions"})
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def _read(read: Read) -> dict[str, Any]:
    parameters = [dict(_ID)] if "{id}" in read.path else []
    parameters += [
        {"name": name, "in": "query", "required": name == "bbox", "description": words, "schema": {"type": "string"}}
        for name, words in read.query.items()
    ]
    makes = read.path in _MAKES and read.method == "post"
    success = "303" if read.path in ("/masuk", "/keluar") else "201" if makes else "200"
    schema: dict[str, Any] = {"type": "object"} if "json" in read.gives else {"type": "string"}
    operation: dict[str, Any] = {
        "operationId": f"{read.method}_{read.path}".replace("/", "_").replace("{", "").replace("}", ""),
        "summary": read.summary,
        "tags": ["reading"],
        "parameters": parameters,
        "responses": {
            success: {"description": read.summary, **({} if success == "303" else _content(read.gives, schema))},
            **_problems(*read.also, 421, 500),
        },
    }
    if read.takes:
        schema = _ref(read.body) if read.body else {"type": "string"}
        operation["requestBody"] = {"required": True, "content": {read.takes: {"schema": schema}}}
    return operation


def _content(media: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {media: {"schema": schema}}}


def _problems(*statuses: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("ProblemDocument")}}
    return {str(status): {"description": "Refused.", "content": content} for status in statuses}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": REF.format(name=name)}
