"""The catalogue of every sentence people read: one JSON file per face or subject, one key per sentence.

Invariants: a key stands in one file only; each has ``id`` and ``en`` with the same ``{gaps}``. The browser imports
the same files. Allowed imports: the standard library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

LANGUAGES = ("id", "en")
_GAP = re.compile(r"\{(\w+)\}")

Entry = Mapping[str, str]


class BadCatalogue(ValueError):
    """A key twice, a language missing, or gaps that differ between the languages."""


class Words:
    """All sentences, found by key and language."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = MappingProxyType(dict(entries))

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._entries)

    def say(self, key: str, lang: str = "id", /, **params: object) -> str:
        """The sentence with its gaps filled. An unknown key shows itself; a gap without a value stays as it is.

        Both are seen by the first person who looks, and neither breaks a page that somebody needs.
        """
        entry = self._entries.get(key)
        if entry is None:
            return key
        text = entry.get(lang) or entry["id"]
        return _GAP.sub(lambda gap: _value(params, gap), text)

    def refusal(self, code: str, lang: str = "id", /, **params: object) -> str:
        """The sentence for a no. What a rule names by a code (a noun, a state) is put into words first."""
        said = {name: self._named(name, value, lang) for name, value in params.items()}
        key = next((k for k in (f"refusal.{code}", f"problem.{code}") if k in self), "problem.bad_request")
        return self.say(key, lang, **said)

    def _named(self, name: str, value: object, lang: str) -> object:
        key = f"{_NAMED[name]}.{value}" if name in _NAMED else ""
        return self.say(key, lang) if key in self else value


# A refusal's values that are codes, and where their words stand.
_NAMED = {"noun": "noun", "state": "is"}


def _value(params: Mapping[str, object], gap: re.Match[str]) -> str:
    value = params.get(gap[1])
    return gap[0] if value is None else str(value)


def gaps(text: str) -> frozenset[str]:
    """Names of the gaps in a sentence."""
    return frozenset(_GAP.findall(text))


def join(catalogues: Mapping[str, Mapping[str, Entry]]) -> dict[str, Entry]:
    """One mapping from many files (file name → entries). Raises BadCatalogue, naming file and key."""
    joined: dict[str, Entry] = {}
    for file, entries in catalogues.items():
        for key, entry in entries.items():
            if key in joined:
                raise BadCatalogue(f"{file}: {key} stands in two files")
            _check(file, key, entry)
            joined[key] = entry
    return joined


def _check(file: str, key: str, entry: Entry) -> None:
    if set(entry) != set(LANGUAGES) or not all(entry.values()):
        raise BadCatalogue(f"{file}: {key} needs exactly {LANGUAGES}")
    if gaps(entry["id"]) != gaps(entry["en"]):
        raise BadCatalogue(f"{file}: {key} has other gaps in English than in Indonesian")


def load() -> Words:
    """Read the catalogue that ships with the program."""
    folder = files(__name__)
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return Words(join({f.name: json.loads(f.read_text(encoding="utf-8"), object_pairs_hook=_once) for f in found}))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object in which no key stands twice: the plain reader would keep the last one in silence."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        twice = next(k for k in keys if keys.count(k) > 1)
        raise BadCatalogue(f"{twice} stands twice in one file")
    return dict(pairs)
