"""Is it alive, is it ready, and the numbers: for the machines that watch this one."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import may
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors
from hadir.inbound.kit.front import as_problem
from hadir.inbound.kit.problems import Problem

NO_STORE = {"cache-control": "no-store"}

#: name → (help, value); names end as Prometheus asks
Gauges = Callable[[], Iterable[tuple[str, str, float]]]


def health_routes(doors: Doors, gauges: Gauges) -> list[HTTPRouteHandler]:
    @get("/healthz")
    async def alive() -> Response[bytes]:
        """The process answers; nothing else is asked."""
        return Response(b'{"status":"ok"}', media_type="application/json", headers=NO_STORE)

    @get("/readyz")
    async def ready() -> Response[bytes]:
        """The database answers and the board has caught up; else 503, and it comes back by itself."""
        try:
            state = await doors.ready()
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is «not ready»
            problem = as_problem(error)
            raise (problem if problem.status == 503 else Problem.of_status(503)) from None
        if not state.get("ready"):
            raise Problem.of_status(503)
        return Response(msgspec.json.encode(state), media_type="application/json", headers=NO_STORE)

    @get("/metrics")
    async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Prometheus' text; for this computer itself, or with the key of somebody who may read health."""
        caller: Caller = request.state.caller
        if not caller.local and may("health.read", caller.actor):
            raise Problem("forbidden", status=403)
        text = "".join(_lines(doors, gauges))
        return Response(text.encode(), media_type="text/plain; version=0.0.4", headers=NO_STORE)

    return [alive, ready, metrics]


def _lines(doors: Doors, gauges: Gauges) -> Iterable[str]:
    yield "# HELP hadir_requests_total Answers by door and status.\n# TYPE hadir_requests_total counter\n"
    for (door, status), count in sorted(doors.meter.requests.items()):
        yield f'hadir_requests_total{{door="{door}",status="{status}"}} {count}\n'
    for name, help, value in gauges():
        kind = "counter" if name.endswith("_total") else "gauge"
        yield f"# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value:g}\n"
