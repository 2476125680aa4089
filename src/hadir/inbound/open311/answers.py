"""How an answer leaves: the form that was asked for, and every refusal as the standard's list of errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hadir.inbound.kit.asgi import NOT_KEPT, Header, Scope, Send, answer, header
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.reply import answer_whole
from hadir.standards.open311 import model as m
from hadir.standards.open311.form import JSON_TYPE, XML_TYPE, to_json, to_xml
from hadir.words import Words

Form = Literal["json", "xml"]

# All of it is public and asks for no cookie: pages of others may read it.
ANY_PAGE = (b"access-control-allow-origin", b"*")
_TYPES: dict[str, Header] = {
    "json": (b"content-type", JSON_TYPE.encode()),
    "xml": (b"content-type", XML_TYPE.encode()),
}
#: 2xx answers to a POST are one document's; nobody keeps them
_FRESH = (NOT_KEPT, ANY_PAGE)
#: the services change when the city pack does, at a start
_KEPT_A_WHILE = ((b"cache-control", b"public, max-age=300"), (b"vary", b"accept, accept-language, cookie"), ANY_PAGE)
_FRESH_IN = {form: (kind, *_FRESH) for form, kind in _TYPES.items()}
_KEPT_IN = {form: (kind, *_KEPT_A_WHILE) for form, kind in _TYPES.items()}


def split_form(name: str, scope: Scope) -> tuple[str, Form]:
    """«requests.json» → requests and json. Without an extension Accept decides, else it is XML, the required form."""
    stem, dot, extension = name.rpartition(".")
    if dot and extension in ("json", "xml"):
        return stem, "json" if extension == "json" else "xml"
    return name, accepted(scope)


def accepted(scope: Scope) -> Form:
    """What Accept names first of the two; XML when it names neither."""
    given = (header(scope, b"accept") or b"").lower()
    json_at, xml_at = given.find(b"json"), given.find(b"xml")
    return "json" if json_at >= 0 and (xml_at < 0 or json_at < xml_at) else "xml"


async def send_list(
    send: Send, form: Form, documents: Sequence[m.Document], kind: type[m.Document], *, status: int = 200
) -> None:
    content = to_json(documents) if form == "json" else to_xml(documents, kind)
    await answer_whole(send, status, content, _FRESH_IN[form])


async def send_one(send: Send, form: Form, document: m.Document) -> None:
    """A document that changes with the city pack only."""
    await answer_whole(send, 200, to_json(document) if form == "json" else to_xml(document), _KEPT_IN[form])


async def send_kept(send: Send, form: Form, documents: Sequence[m.Document], kind: type[m.Document]) -> None:
    """A list that changes with the city pack only."""
    content = to_json(documents) if form == "json" else to_xml(documents, kind)
    await answer_whole(send, 200, content, _KEPT_IN[form])


async def send_refused(send: Send, form: Form, words: Words, lang: str, refused: m.Refused) -> None:
    errors = [m.Error(code=refused.status, description=_said(words, lang, wrong)) for wrong in refused.wrong]
    await _send_errors(send, form, refused.status, lang, errors, ())


async def send_problem(send: Send, form: Form, words: Words, lang: str, problem: Problem) -> None:
    """A refusal that is not of this standard: limits, sizes, a database that is away."""
    error = m.Error(code=problem.status, description=words.refusal(problem.code, lang, **problem.params))
    await _send_errors(send, form, problem.status, lang, [error], problem.headers)


async def _send_errors(
    send: Send, form: Form, status: int, lang: str, errors: Sequence[m.Error], headers: Sequence[Header]
) -> None:
    content = to_json(errors) if form == "json" else to_xml(errors, m.Error)
    own = (_TYPES[form], (b"content-language", lang.encode()), *_FRESH, *headers)
    await answer(send, status, content, own)


def _said(words: Words, lang: str, wrong: m.Wrong) -> str:
    return words.say(f"open311.error.{wrong.code}", lang, **wrong.params)
