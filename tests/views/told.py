"""A journal that only tells what a world has told: for following it at one's own pace."""

from collections.abc import Callable, Collection
from typing import Any

from hadir.ports.journal import Fact, FactWithContent, Listener
from tests.views.world import World


class ToldJournal:
    """Fulfils `JournalReader`; `upto` hides what is told later, `erased` names contents that are gone."""

    epoch = "EPOCH"

    def __init__(self, world: World, upto: int | None = None) -> None:
        self.world = world
        self.upto = upto
        self.erased: set[str] = set()

    def _facts(self) -> list[FactWithContent]:
        facts = self.world.facts if self.upto is None else self.world.facts[: self.upto]
        return [(fact, None if fact.content in self.erased else said) for fact, said in facts]

    async def position(self) -> int:
        return len(self._facts())

    async def read(self, after: int, limit: int) -> list[Fact]:
        return [fact for fact, _ in await self.read_with_contents(after, limit)]

    async def read_with_contents(self, after: int, limit: int) -> list[FactWithContent]:
        return self._facts()[after : after + limit]

    async def read_stream(self, stream: str) -> list[Fact]:
        return [fact for fact, _ in self._facts() if fact.stream == stream]

    async def contents(self, ids: Collection[str]) -> dict[str, dict[str, Any] | None]:
        return {fact.content: said for fact, said in self._facts() if fact.content in ids}

    async def wait(self, after: int, timeout: float) -> int:
        return len(self._facts())

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        raise NotImplementedError
