"""The two posts. They work without JavaScript, so they answer with redirections."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import Account, Role
from hadir.inbound.kit import forms
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors
from hadir.inbound.kit.front import cookie
from hadir.inbound.kit.passwords import LENGTH_MOST
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.sessions import COOKIE, LASTS

HOMES: Mapping[Role, str] = {
    Role.OPERATOR: "/pusat",
    Role.LEADER: "/pimpin",
    Role.DESK: "/opd",
    Role.AGENCY_HEAD: "/opd",
    Role.OFFICER: "/petugas",
    Role.ADMIN: "/kelola",
    Role.AUDITOR: "/kelola",
}
"""Where a role begins to work."""


def login_routes(doors: Doors) -> list[HTTPRouteHandler]:
    @post("/masuk", status_code=303)
    async def enter(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Sign in: name, password, next; in the demonstration also one press on `demo_account`."""
        form = await forms.fields(request)
        caller: Caller = request.state.caller
        if doors.demo and "demo_account" in form:
            return await _pressed(doors, form["demo_account"], local_path(form.get("next", "")))
        name, after = form.get("name", "").strip()[:64], local_path(form.get("next", ""))
        try:
            doors.throttle.sign_in(name, caller.address)
        except Problem:
            return back("wait", name, after)
        account = await _proved(doors, name, form.get("password", ""))
        if account is None:
            return back("wrong", name, after)
        if caller.session:
            await doors.sessions.close(caller.session)
        return await _let_in(doors, account, after)

    @post("/keluar", status_code=303)
    async def leave(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Sign out, and end this account's live streams: whoever still may reopens them at once."""
        caller: Caller = request.state.caller
        if caller.session:
            await doors.sessions.close(caller.session)
        if caller.account:
            doors.end_streams(caller.account.id)
        return redirect("/masuk", cookie(COOKIE, "", secure=doors.secure, lasts_s=0))

    return [enter, leave]


async def _pressed(doors: Doors, name: str, after: str) -> Response[bytes]:
    """A demo account without a password: the demonstration listens on loopback only, and its passwords are public."""
    account = await doors.accounts.account(name[:64]) if "\0" not in name else None
    return await _let_in(doors, account, after) if account and account.demo else back("wrong", "", after)


async def _let_in(doors: Doors, account: Account, after: str) -> Response[bytes]:
    value = await doors.sessions.open(account.id)
    kept = cookie(COOKIE, value, secure=doors.secure, lasts_s=int(LASTS.total_seconds()))
    return redirect(after or HOMES.get(account.role, "/"), kept)


async def _proved(doors: Doors, name: str, password: str) -> Account | None:
    stored = await doors.accounts.password(name) if "\0" not in name else None
    fits = await doors.passwords.check(stored, password if len(password) <= LENGTH_MOST else "")
    return await doors.accounts.account(name) if fits else None


def local_path(path: str) -> str:
    """A path of ours to go on to; empty for anything that could lead elsewhere («//evil», «/\\evil»)."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and path.isascii()
    return path if fine else ""


def back(message: str, name: str, after: str) -> Response[bytes]:
    """To the form again, with the name kept; the page says `login.<message>`."""
    told = {"salah": message, "name": name} | ({"next": after} if after else {})
    return redirect(f"/masuk?{urlencode(told)}")


def redirect(path: str, *headers: tuple[bytes, bytes]) -> Response[bytes]:
    sent = {"location": path, "cache-control": "no-store"}
    sent |= {name.decode(): value.decode() for name, value in headers}
    return Response(b"", status_code=303, headers=sent)
