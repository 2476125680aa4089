"""What reporters think of results, by agency: a figure for desks and the command centre, never of a person."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import PERMISSIONS, Scope
from hadir.domain.refusals import forbidden
from hadir.domain.talk import RESULTS
from hadir.inbound.api.answers import AnyRequest, caller_of, json_answer
from hadir.inbound.api.orders import span
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import Problem
from hadir.ports.following import Rated, Ratings


def rating_routes(doors: Doors, ratings: Ratings) -> list[HTTPRouteHandler]:
    @get("/api/v1/ratings")
    async def figures(request: AnyRequest) -> Response[bytes]:
        """{from, to, agencies: [{agency, good, fair, poor, n}]} of the ratings given in a time."""
        caller = signed_in(caller_of(request))
        scope = _scope(caller)
        if scope is None:
            raise Problem.of(forbidden("not_your_role"))
        since, until = span(request.query_params, doors.ctx.clock.now())
        rated = await ratings.figures(since, until)
        if scope is Scope.AGENCY:
            rated = [each for each in rated if each.agency == caller.actor.agency]
        return json_answer(msgspec.json.encode({"from": since, "to": until, "agencies": by_agency(rated)}))

    return [figures]


def _scope(caller: Caller) -> Scope | None:
    return None if caller.account is None else PERMISSIONS["ratings.read"].get(caller.account.role)


def by_agency(rated: list[Rated]) -> list[dict[str, Any]]:
    """One line an agency, by its code; every result stands there, also with 0."""
    found: dict[str, dict[str, Any]] = {}
    for each in rated:
        line = found.setdefault(each.agency, {"agency": each.agency, **dict.fromkeys(RESULTS, 0), "n": 0})
        line[each.result] += each.count
        line["n"] += each.count
    return [found[code] for code in sorted(found)]
