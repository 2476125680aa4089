"""Why a command was not carried out: a code, its values, and nothing about HTTP.

The sentence a person reads stands in the catalogue under ``refusal.<code>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of no it is; a door maps it to its own language (HTTP: 403, 404, 409, 422)."""

    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    INVALID = "invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A no with its reason. ``params`` fill the sentence's gaps."""

    kind: Kind
    code: str
    params: tuple[tuple[str, str], ...] = ()


def forbidden(code: str = "forbidden", **params: str) -> Refusal:
    return Refusal(kind=Kind.FORBIDDEN, code=code, params=tuple(params.items()))


def unknown(code: str, **params: str) -> Refusal:
    return Refusal(kind=Kind.UNKNOWN, code=code, params=tuple(params.items()))


def conflict(code: str, **params: str) -> Refusal:
    return Refusal(kind=Kind.CONFLICT, code=code, params=tuple(params.items()))


def invalid(code: str, **params: str) -> Refusal:
    return Refusal(kind=Kind.INVALID, code=code, params=tuple(params.items()))
