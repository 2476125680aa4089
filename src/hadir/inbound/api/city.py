"""What is read of the city and of oneself: the pack in the caller's language, the borders, who I am."""

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from hadir.domain.people import audience_of
from hadir.inbound.api.answers import AnyRequest, PackedAnswers, caller_of, json_answer
from hadir.inbound.kit.citydoc import areas_geojson, city_document
from hadir.inbound.kit.doors import Doors, signed_in


def city_routes(doors: Doors, answers: PackedAnswers) -> list[HTTPRouteHandler]:
    return [_me(), _city(doors), _areas(doors, answers)]


def _me() -> HTTPRouteHandler:
    @get("/api/v1/me")
    async def me(request: AnyRequest) -> Response[bytes]:
        """Who the caller is, and what audience that makes."""
        caller = signed_in(caller_of(request))
        assert caller.account is not None
        told = {
            "id": caller.account.id,
            "name": caller.account.name,
            "role": caller.account.role,
            "agency": caller.account.agency,
            "areas": caller.account.areas,
            "lang": caller.lang,
            "audience": audience_of(caller.actor),
        }
        return json_answer(msgspec.json.encode(told))

    return me


def _city(doors: Doors) -> HTTPRouteHandler:
    @get("/api/v1/city")
    async def city(request: AnyRequest) -> Response[bytes]:
        """The city pack in the caller's language: areas, agencies, categories, words of orders."""
        document = city_document(doors.ctx.city, caller_of(request).lang, doors.ctx.clock.now())
        headers = {"cache-control": "public, max-age=300", "vary": "accept-language, cookie"}
        return Response(msgspec.json.encode(document), media_type="application/json", headers=headers)

    return city


def _areas(doors: Doors, answers: PackedAnswers) -> HTTPRouteHandler:
    borders = msgspec.json.encode(areas_geojson(doors.ctx.city))

    @get("/api/v1/areas.geojson")
    async def areas(request: AnyRequest) -> Response[bytes]:
        """The areas' borders, WGS84."""
        response = await answers.json(request, "areas", borders)
        response.media_type = "application/geo+json"
        response.headers["cache-control"] = "public, max-age=300"
        return response

    return areas
