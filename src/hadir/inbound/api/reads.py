"""All GETs of the API that are not health or documentation, and the photos' POST; a file for each kind of thing."""

from litestar.handlers import HTTPRouteHandler

from hadir.inbound.api.answers import PackedAnswers
from hadir.inbound.api.board import board_routes
from hadir.inbound.api.city import city_routes
from hadir.inbound.api.photos import photo_routes
from hadir.inbound.kit.doors import Doors


def read_routes(doors: Doors) -> list[HTTPRouteHandler]:
    answers = PackedAnswers()
    return [*board_routes(doors, answers), *photo_routes(doors), *city_routes(doors, answers)]
