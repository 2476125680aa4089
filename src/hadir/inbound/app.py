"""All doors as one ASGI application."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from hadir.inbound.api.commands import CommandDoor
from hadir.inbound.api.dispatch import dispatch_routes
from hadir.inbound.api.docs import docs_routes
from hadir.inbound.api.effort import effort_routes
from hadir.inbound.api.health import Gauges, health_routes
from hadir.inbound.api.incidents import incident_routes
from hadir.inbound.api.orders import order_routes
from hadir.inbound.api.positions import PositionDoor
from hadir.inbound.api.reads import read_routes
from hadir.inbound.api.spoken import spoken_routes
from hadir.inbound.api.triage import triage_routes
from hadir.inbound.api.uploads import UploadDoor
from hadir.inbound.kit.asgi import App
from hadir.inbound.kit.doors import Doors
from hadir.inbound.kit.front import Front, as_problem, problem_page, wants_page
from hadir.inbound.kit.problems import MEDIA_TYPE, Problem
from hadir.inbound.login import login_routes
from hadir.inbound.open311.described import paths as open311_paths
from hadir.inbound.open311.door import BASE as OPEN311
from hadir.inbound.open311.door import Open311Door, refuse
from hadir.inbound.static import Files, shell_routes

# Routes that take photos have their own, larger limit.
BODY_MOST = 128 * 1024


def build(
    doors: Doors,
    *,
    files: Files,
    gauges: Gauges,
    pages: Sequence[HTTPRouteHandler] = (),
    bare: Mapping[tuple[str, str], App] | None = None,
    open311: Open311Door,
) -> Front:
    """`pages`: the server-rendered ones; `bare`: applications by (method, path), such as the live stream."""
    commands = CommandDoor(doors.ctx, doors.throttle)
    positions, uploads = PositionDoor(doors), UploadDoor(doors)
    fixed = dict(bare or {})

    def find(method: str, path: str) -> App | None:
        found = fixed.get((method, path)) or commands(method, path) or open311(path) or positions(method, path)
        return found or uploads(method, path) or files(method, path)

    routes = [
        *read_routes(doors),
        *order_routes(doors),
        *spoken_routes(doors),
        *dispatch_routes(doors),
        *incident_routes(doors),
        *triage_routes(doors),
        *effort_routes(doors),
        *health_routes(doors, gauges),
        *docs_routes(doors.ctx.city.title.en, open311_paths()),
        *login_routes(doors),
        *shell_routes(doors, files),
        *pages,
    ]
    rest = Litestar(
        route_handlers=routes,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_MOST,
        exception_handlers={Exception: _Refuser(doors)},
    )
    return Front(
        gate=doors.gate,
        bare=find,
        rest=cast("App", rest),
        words=doors.words,
        meter=doors.meter,
        secure=doors.secure,
        dialects={OPEN311: refuse},
    )


class _Refuser:
    """What goes wrong inside Litestar leaves in the shape of all refusals."""

    def __init__(self, doors: Doors) -> None:
        self._words = doors.words

    def __call__(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        problem = Problem.of_status(error.status_code) if isinstance(error, HTTPException) else as_problem(error)
        lang = request.state.caller.lang
        headers = {name.decode(): value.decode() for name, value in problem.headers}
        headers |= {"cache-control": "no-store", "content-language": lang}
        if isinstance(error, HTTPException) and error.headers:
            headers |= error.headers
        page = wants_page(request.scope)
        content = problem_page(self._words, lang, problem) if page else problem.encode(self._words, lang)
        media = "text/html" if page else MEDIA_TYPE.decode()
        return Response(content, status_code=problem.status, media_type=media, headers=headers)
