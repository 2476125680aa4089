"""Every kind of fact can be had from the package, wherever its file is."""

from __future__ import annotations

from hadir.domain import events


def test_every_kind_of_fact_is_in_the_packages_list() -> None:
    assert {cls.__name__ for cls in events.KINDS.values()} | {"ASIDE", "KINDS", "Event", "event"} == set(events.__all__)
