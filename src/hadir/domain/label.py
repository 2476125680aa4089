"""A name in the two languages every pack has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A name people read."""

    id: str
    en: str

    def say(self, lang: str) -> str:
        return self.en if lang == "en" else self.id
