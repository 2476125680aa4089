"""What the OpenAPI document says, and what comes back for whatever fits it and whatever does not: Schemathesis.

A few tries for each operation, always the same ones, so that the whole takes seconds; `HADIR_FUZZ=200` looks harder.
"""

import asyncio
import os
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import SerializationNotPossible
from schemathesis.core.failures import Failure
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hadir.compose.program import Face
from hadir.inbound.kit.limits import Limits, Rate
from tests.api.conftest import City, running

DEEP = os.environ.get("HADIR_FUZZ", "")
EXAMPLES = int(DEEP or 2)
#: the operator may do most
WHO = ("operator", "", "opd-bpbd", "open311-test")
#: an answer without an end
ENDLESS = "/api/v1/live"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_FREE = Rate(per_second=1e6, burst=1e6)
LIMITS = Limits(
    person=_FREE,
    integrator=_FREE,
    api_key=_FREE,
    reading=_FREE,
    device=_FREE,
    address=_FREE,
    photos=_FREE,
    sign_in=_FREE,
)


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO if DEEP else WHO[:1])
async def test_every_operation_answers_as_the_document_says(who: str) -> None:
    problems: list[str] = []
    async for city in running(Face(demo=True, limits=LIMITS)):
        document = (await city.client().get("/api/openapi.json")).json()
        token = city.program.storage.secrets.token(who, city.clock.now(), 1) if who else ""
        problems += await asyncio.to_thread(_probed, document, city, token)
    assert not problems, "\n\n".join(problems)


def _probed(document: dict[str, Any], city: City, token: str) -> list[str]:
    """Every operation, with what fits its description and what does not. What is wrong, in words."""
    config = SchemathesisConfig.from_dict({"generation": {"allow-x00": True}})
    schema = schemathesis.openapi.from_dict(document, config=config)
    problems: list[str] = []
    with requests.Session() as session:
        session.trust_env = False
        session.headers["origin"] = city.url
        if token:
            session.headers["authorization"] = f"Bearer {token}"
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path != ENDLESS:
                problems += _probe(operation, city.url, session)
    return problems


def _probe(operation: Any, url: str, session: requests.Session) -> list[str]:
    strategies = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    problems = []
    for strategy in strategies:

        @given(case=strategy)
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def once(case: Any) -> None:
            answer = case.call(base_url=url, session=session, allow_redirects=False, timeout=20)
            case.validate_response(answer, checks=CHECKS)

        try:
            once()
        except (Unsatisfiable, SerializationNotPossible):
            continue  # nothing can be wrong about what takes nothing; bytes of an upload are test_uploads' matter
        except (Failure, BaseExceptionGroup) as error:
            problems.append(f"{operation.method.upper()} {operation.path}: {_told(error)}")
    return problems


def _told(error: BaseException) -> str:
    inner = getattr(error, "exceptions", None)
    return "; ".join(_told(each) for each in inner) if inner else f"{type(error).__name__} {error!s:.400}"
