"""The city pack in the standard's words: categories are services, and some of them ask something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from hadir.domain.city import Category, City
from hadir.standards.open311 import model as m
from hadir.words import Words

DEPTH, EMERGENCY = "depth", "emergency"
#: How deep the water is, as people say it: the key is sent, and the words are read by the triage like anybody's.
DEPTHS = ("ankle", "calf", "knee", "thigh", "waist", "chest", "roof")
#: From this urgency on (before a word is read) the citizen is told to call.
CALLS_FROM = 4


class Services:
    """Services and definitions in each language; made once."""

    def __init__(self, city: City, words: Words) -> None:
        self._city = city
        self._words = words
        self._groups = {group.code: group for group in city.groups}
        self.listed = cache(self._listed)
        self.definition = cache(self._definition)

    def _listed(self, lang: str) -> tuple[m.Service, ...]:
        """GET Service List: all categories, dangers first, as the pack has them."""
        return tuple(self._service(category, lang) for category in self._city.categories)

    def _service(self, category: Category, lang: str) -> m.Service:
        agency = self._city.agency_by_code[category.agency]
        return m.Service(
            service_code=category.code,
            service_name=category.name.say(lang),
            description=self._words.say("open311.service", lang, agency=agency.name.say(lang)),
            metadata=any(True for _ in self._questions(category, lang)),
            keywords=",".join(dict.fromkeys((category.code, category.group, agency.short.lower()))),
            group=self._groups[category.group].name.say(lang),
        )

    def _definition(self, code: str, lang: str) -> m.ServiceDefinition:
        """GET Service Definition; without attributes for a service that asks nothing."""
        category = self._city.category_by_code[code]
        return m.ServiceDefinition(service_code=code, attributes=tuple(self._questions(category, lang)))

    def _questions(self, category: Category, lang: str) -> Iterator[m.Attribute]:
        order = 0
        if category.urgency >= CALLS_FROM or category.flood:
            order += 1
            number, label = self._city.phones[0]
            said = self._words.say("open311.emergency", lang, number=number, name=label.say(lang))
            yield m.Attribute(
                variable=False, code=EMERGENCY, datatype="string", required=False, order=order, description=said
            )
        if category.flood:
            values = tuple(m.Value(key=k, name=self._words.say(f"open311.depth.{k}", lang)) for k in DEPTHS)
            yield m.Attribute(
                variable=True,
                code=DEPTH,
                datatype="singlevaluelist",
                required=False,
                datatype_description=self._words.say("open311.depth_hint", lang),
                order=order + 1,
                description=self._words.say("open311.depth", lang),
                values=values,
            )

    def said(self, code: str, answers: Mapping[str, Sequence[str]]) -> str:
        """The answers in the city's language, as the reporter would have said them: they are read with the text."""
        lines = []
        for question in self.definition(code, "id").attributes:
            given = answers.get(question.code, ()) if question.variable else ()
            names = {value.key: value.name for value in question.values or ()}
            if given:
                lines.append(f"{question.description} {', '.join(names.get(each, each) for each in given)}")
        return "\n".join(lines)
