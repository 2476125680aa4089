"""A city in memory for each test."""

import pytest

from tests.world import World, make_world


@pytest.fixture
def world() -> World:
    return make_world()
