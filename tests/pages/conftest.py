"""The pages over a desk in a dictionary."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from litestar.testing import TestClient

from tests.pages import twin as the_twin


@pytest.fixture
def twin() -> ModuleType:
    return the_twin


@pytest.fixture
def desk() -> the_twin.TwinDesk:
    return the_twin.TwinDesk()


@pytest.fixture
def client(desk: the_twin.TwinDesk) -> Iterator[TestClient]:
    with TestClient(the_twin.make_app(desk), raise_server_exceptions=True) as client:
        yield client
