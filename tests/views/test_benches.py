"""The benchmarks of the board in small: they run, and a rebuild equals what is in use. No time is asserted."""

import pytest

from benchmarks import views_rebuild


@pytest.mark.slow
async def test_a_rebuild_of_a_seeded_home_differs_in_nothing() -> None:
    rows = {row["name"]: row for row in await views_rebuild.run(1_500)}
    assert rows["views.rebuild"]["value"] > 0
    assert rows["views.rebuild.differences"]["value"] == 0
