"""GeoJSON (RFC 7946), written in pieces so that a large collection never stands in memory whole, and read.

Positions are longitude, latitude in degrees of WGS84 (3.1.1, 4). A feature without a place has the geometry null (3.2).
What else belongs to the collection stands after the features, as foreign members (6.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

MEDIA_TYPE = "application/geo+json"
#: 11.2: more than six decimals tell of nothing but the format.
DECIMALS = 6

_encode = msgspec.json.Encoder().encode


class NotGeoJson(ValueError):
    """It is no collection of points that we read."""


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """3.2, with a point or without one. `point`: latitude, longitude."""

    id: str
    point: tuple[float, float] | None = None
    properties: Mapping[str, Any] = {}


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """3.3, with its foreign members."""

    features: tuple[Feature, ...]
    foreign: Mapping[str, Any] = {}


def write(features: Iterable[Feature], foreign: Mapping[str, Any]) -> Iterator[bytes]:
    """The document in pieces: an opening, a piece for each feature, an end. `foreign` may not name our own members."""
    yield OPENING
    for number, feature in enumerate(features):
        yield piece(feature, first=number == 0)
    yield ending(foreign)


OPENING = b'{"type":"FeatureCollection","features":['


def piece(feature: Feature, *, first: bool) -> bytes:
    """One feature as it stands in the array."""
    geometry = None
    if feature.point is not None:
        lat, lon = (round(degrees, DECIMALS) for degrees in feature.point)
        geometry = {"type": "Point", "coordinates": [lon, lat]}
    body = _encode({"type": "Feature", "id": feature.id, "geometry": geometry, "properties": feature.properties})
    return (b"\n" if first else b",\n") + body


def ending(foreign: Mapping[str, Any]) -> bytes:
    """What closes the document. Raises ValueError for a member that is the standard's (7.1)."""
    if taken := {"type", "features", "coordinates", "geometries", "geometry", "properties"} & foreign.keys():
        raise ValueError(f"{', '.join(sorted(taken))} cannot be a foreign member")
    members = b"".join(b"," + _encode(name) + b":" + _encode(value) for name, value in foreign.items())
    return b"\n]" + members + b"}\n"


class _Geometry(msgspec.Struct):
    type: str
    coordinates: list[float]


class _Feature(msgspec.Struct):
    type: str
    geometry: _Geometry | None
    properties: dict[str, Any] | None
    id: str | int = ""


def read(data: bytes) -> Collection:
    """A collection of points. Raises NotGeoJson."""
    try:
        document = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        kind = msgspec.json.decode(document.pop("type", msgspec.Raw(b"null")))
        if kind != "FeatureCollection":
            raise NotGeoJson(f"«{kind}» where «FeatureCollection» belongs")
        features = msgspec.json.decode(document.pop("features", msgspec.Raw(b"null")), type=list[_Feature])
        foreign = {name: msgspec.json.decode(value) for name, value in document.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotGeoJson(str(error)) from None
    return Collection(features=tuple(_feature(each) for each in features), foreign=foreign)


def _feature(read: _Feature) -> Feature:
    if read.type != "Feature":
        raise NotGeoJson(f"«{read.type}» where «Feature» belongs")
    point = None
    if read.geometry is not None:
        if read.geometry.type != "Point" or len(read.geometry.coordinates) < 2:
            raise NotGeoJson(f"{read.geometry.type}: only points are read")
        lon, lat = read.geometry.coordinates[:2]
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise NotGeoJson(f"{lon}, {lat} is no place on the earth")
        point = (lat, lon)
    return Feature(id=str(read.id), point=point, properties=read.properties or {})
