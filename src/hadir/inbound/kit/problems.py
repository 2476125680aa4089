"""One shape for every refusal of every door: RFC 9457, with a code for programs and a sentence for people."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from hadir.domain.refusals import Kind, Refusal
from hadir.words import Words

MEDIA_TYPE = b"application/problem+json"

STATUS: Mapping[Kind, int] = {Kind.FORBIDDEN: 403, Kind.UNKNOWN: 404, Kind.CONFLICT: 409, Kind.INVALID: 422}
"""What a rule's no is called in HTTP."""

CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "sign_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media",
    421: "unknown_host",
    422: "invalid_body",
    429: "too_many",
    500: "internal",
    503: "unavailable",
}
"""The code of a refusal that came from HTTP itself; its words are `problem.<code>`."""


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field of a body. `field`: its path, «place.lat»; "" is the whole body."""

    field: str
    code: str
    detail: str = ""
    params: dict[str, Any] = {}


class Problem(Exception):
    """A request that is refused by a door. `params` fill the gaps of the sentence and stand in the answer."""

    def __init__(
        self,
        code: str,
        *,
        status: int,
        fields: Sequence[FieldProblem] = (),
        headers: Sequence[tuple[bytes, bytes]] = (),
        **params: object,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.code = code
        self.status = status
        self.fields = tuple(fields)
        self.headers = tuple(headers)
        self.params = params

    @classmethod
    def of(cls, refusal: Refusal) -> "Problem":
        problem = cls(refusal.code, status=STATUS[refusal.kind])
        problem.params = dict(refusal.params)
        return problem

    @classmethod
    def of_status(cls, status: int) -> "Problem":
        """For what HTTP itself refuses."""
        known = status if status in CODES else (400 if status < 500 else 500)
        headers = [(b"retry-after", b"2")] if status == 503 else []
        return cls(CODES[known], status=status, headers=headers)

    def encode(self, words: Words, lang: str) -> bytes:
        """The JSON document."""
        document = {
            **{name: value for name, value in self.params.items() if name not in _OWN},
            "type": f"/api/docs#{self.code}",
            "title": words.say(f"problem.title.{self.status}", lang)
            if f"problem.title.{self.status}" in words
            else HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": words.refusal(self.code, lang, **self.params),
        }
        if self.fields:
            document["fields"] = [_worded(words, lang, field) for field in self.fields]
        return msgspec.json.encode(document)


#: members of the document itself, and the list of fields as words
_OWN = frozenset({"type", "title", "status", "code", "detail", "fields", "names"})


def _worded(words: Words, lang: str, field: FieldProblem) -> dict[str, Any]:
    told = dict(field.params)
    if "expected" in told:
        told["expected"] = words.say(f"problem.kind.{told['expected']}", lang)
    detail = words.say(f"problem.field.{field.code}", lang, field=field.field or "…", **told)
    return {"field": field.field, "code": field.code, "detail": detail, **field.params}
