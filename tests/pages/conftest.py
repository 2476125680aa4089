"""The pages over a desk in a dictionary."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from litestar.testing import TestClient


def _load_twin() -> ModuleType:
    """Tests are imported by path (importlib mode), so the twin beside them is too."""
    spec = importlib.util.spec_from_file_location("pages_twin", Path(__file__).with_name("twin.py"))
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_TWIN = _load_twin()


@pytest.fixture
def twin() -> ModuleType:
    return _TWIN


@pytest.fixture
def desk():
    return _TWIN.TwinDesk()


@pytest.fixture
def client(desk) -> Iterator[TestClient]:
    with TestClient(_TWIN.make_app(desk), raise_server_exceptions=True) as client:
        yield client
