"""GET /masuk: the staff's sign-in. What is typed goes to POST /masuk, which belongs to the sessions' door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.inbound.pages.site import DemoAccount, Site

Req = Request[Any, Any, Any]

PROBLEMS = frozenset({"wrong", "wait", "ended"})
ROLES = ("leader", "operator", "desk", "officer")


def routes(site: Site) -> list[HTTPRouteHandler]:
    @get("/masuk", include_in_schema=False)
    async def page(request: Req) -> Response[bytes]:
        return login_page(site, request, request.query_params.get("salah", ""))

    return [page]


def login_page(site: Site, request: Req, problem: str = "", status: int = 200) -> Response[bytes]:
    """The form; `problem` is one of PROBLEMS. ?next= is kept when it is a path of our own."""
    wanted = request.query_params.get("next", "")
    return site.page(
        request,
        "login.html",
        status=status,
        problem=problem if problem in PROBLEMS else "",
        name=request.query_params.get("name", "")[:64],
        next=wanted if own_path(wanted) else "",
        groups=groups(site.demo_accounts) if site.demo else [],
    )


def own_path(path: str) -> bool:
    """«/pusat» yes; «//elsewhere» and «https://…» no: a sign-in must not send people to strangers."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def groups(accounts: Sequence[DemoAccount]) -> list[tuple[str, list[DemoAccount]]]:
    """The demo's buttons by role, in the order of the day."""
    found: dict[str, list[DemoAccount]] = {role: [] for role in (*ROLES, "other")}
    for account in accounts:
        if account.role != "integrator":
            found.get(account.role, found["other"]).append(account)
    return [(role, of_role) for role, of_role in found.items() if of_role]
