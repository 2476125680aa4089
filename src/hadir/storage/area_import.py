"""`hadir city areas FILE`: the city's official borders, whatever the file calls them, in place of the pack's.

Files from the statistics office, the ministry and the city name their fields differently and use different codes for
the same area. So nothing is assumed: a field counts as the code, or as the name, when *every* area of the pack is
found by it exactly once. A name alone is trusted last: the name of an area is often also a district's or the city's,
and a file of districts must not pass for one of areas.

Real borders do not fit: they leave slivers between neighbours and overlap. All lines are cut at their crossings into
faces, and each face is given to one area, so that the result has neither gap nor overlap and neighbours share lines.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from hadir.domain.city import Area, City, Label
from hadir.storage.areas import METRES_PER_DEGREE
from hadir.storage.citypack import PackError, areas_at

GRID = 1e-7  # degrees, a centimetre: borders nearer than this are one line
# A gap smaller than this is a slip of the pen; a larger one is somebody else's land (an enclave). Square metres.
SLIVER_M2 = 20_000.0
FAR_M = 5_000.0
_BOM = "utf-8-sig"

Feature = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What was done, for the person at the terminal."""

    file: Path
    areas: int
    #: The field of the file by which areas were found.
    by: str
    #: Features of the file that are no area of this city.
    ignored: int
    slivers: int
    overlaps: int


def import_areas(file: Path, home: Path, city: City) -> Imported:
    """Takes the borders in `file` over into `home` (see `areas_at`). Raises PackError and leaves what was there."""
    features = _features(file)
    by, found = _match(features, city)
    shapes, slivers, overlaps = _fit([_geometry(found[a.code], a, file) for a in city.areas])
    _near_enough(shapes, city, file)
    source = Label(id=f"Batas dari berkas {file.name}.", en=f"Borders from the file {file.name}.")
    target = areas_at(home)
    _write(target, [_feature(a, s) for a, s in zip(city.areas, shapes, strict=True)], source)
    used = sum(len(parts) for parts in found.values())
    return Imported(
        file=target,
        areas=len(shapes),
        by=by,
        ignored=len(features) - used,
        slivers=slivers,
        overlaps=overlaps,
    )


def _features(file: Path) -> list[Feature]:
    try:
        doc = json.loads(file.read_text(encoding=_BOM))
    except OSError as error:
        raise PackError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise PackError(f"{file.name}: not a GeoJSON file ({error})") from error
    features = doc.get("features") if isinstance(doc, dict) else None
    if not isinstance(features, list) or not features:
        raise PackError(f"{file.name}: not a GeoJSON FeatureCollection with features")
    return [f for f in features if isinstance(f, dict) and isinstance(f.get("properties"), dict)]


# ── which feature is which area ──────────────────────────────────────────────────────────────────────────────────


def _match(features: list[Feature], city: City) -> tuple[str, dict[str, list[Feature]]]:
    """The field that names every area, and each area's features."""
    keys = list(dict.fromkeys(key for f in features for key in f["properties"]))
    best: list[str] = [a.name for a in city.areas]
    for means in (_by_code, _by_name_and_district, _by_name):
        for key in keys:
            found = {a.code: [f for f in features if means(f["properties"], key, a)] for a in city.areas}
            # Parts of one area may carry one code; two features of one name are two places.
            if all(parts and (means is _by_code or len(parts) == 1) for parts in found.values()):
                return key, found
            missing = [a.name for a in city.areas if not found[a.code]]
            best = min(best, missing, key=len)
    raise PackError(
        f"no field of the file names each of the {len(city.areas)} areas exactly once; "
        f"at best these are missing or doubled: {', '.join(best) or 'doubled names'}. "
        f"Fields: {', '.join(keys)}. A field with the pack's codes, or one with the names and one with the districts, "
        "is needed."
    )


def _by_code(properties: dict[str, Any], key: str, area: Area) -> bool:
    value = re.sub(r"\D", "", str(properties.get(key) or ""))
    return value == re.sub(r"\D", "", area.code)


def _by_name_and_district(properties: dict[str, Any], key: str, area: Area) -> bool:
    others = (_plain(value) for other, value in properties.items() if other != key)
    return _by_name(properties, key, area) and _plain(area.district) in others


def _by_name(properties: dict[str, Any], key: str, area: Area) -> bool:
    return _plain(properties.get(key)) == _plain(area.name)


def _plain(value: object) -> str:
    """«KELURAHAN KEPANJEN LOR» and «Kepanjenlor» are one name."""
    name = re.sub(r"[\W_]", "", str(value or "").casefold())
    return re.sub(r"^(kelurahan|kel|desa|kecamatan|kec)(?=\w)", "", name)


# ── borders that fit ─────────────────────────────────────────────────────────────────────────────────────────────


def _geometry(parts: list[Feature], area: Area, file: Path) -> BaseGeometry:
    try:
        shapes = [shape(f["geometry"]) for f in parts]
        whole = _polygons(shapely.make_valid(shapely.union_all([shapely.make_valid(s) for s in shapes])))
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, shapely.GEOSException) as error:
        raise PackError(f"{file.name}: {area.name}: the geometry cannot be read ({error})") from error
    if whole.is_empty:
        raise PackError(f"{file.name}: {area.name}: no surface")
    return shapely.set_precision(whole, GRID)


def _polygons(geometry: BaseGeometry) -> MultiPolygon:
    parts = getattr(geometry, "geoms", [geometry])
    flat = [p for part in parts for p in getattr(part, "geoms", [part])]
    return MultiPolygon([p for p in flat if isinstance(p, Polygon)])


def _fit(shapes: list[BaseGeometry]) -> tuple[list[BaseGeometry], int, int]:
    """The areas without gaps and overlaps; how many slivers were filled and overlaps settled."""
    lines = shapely.union_all([s.boundary for s in shapes], grid_size=GRID)
    faces = list(shapely.polygonize([lines]).geoms)
    owned: list[list[BaseGeometry]] = [[] for _ in shapes]
    gaps, overlaps = [], 0
    for face in faces:
        inside = [i for i, s in enumerate(shapes) if s.contains(face.representative_point())]
        overlaps += len(inside) > 1
        if inside:
            owned[inside[0]].append(face)
        elif _square_metres(face) < SLIVER_M2:
            gaps.append(face)
    for gap in gaps:
        owned[_neighbour(gap, owned)].append(gap)
    return [shapely.coverage_union_all(parts) for parts in owned], len(gaps), overlaps


def _neighbour(gap: BaseGeometry, owned: list[list[BaseGeometry]]) -> int:
    """The area that shares most of the gap's border."""

    def shared(i: int) -> float:
        return sum(gap.boundary.intersection(face.boundary).length for face in owned[i])

    return max(range(len(owned)), key=shared)


def _square_metres(geometry: BaseGeometry) -> float:
    squeeze = math.cos(math.radians(geometry.centroid.y))
    return geometry.area * METRES_PER_DEGREE**2 * squeeze


def _near_enough(shapes: list[BaseGeometry], city: City, file: Path) -> None:
    """Catches swapped coordinates, projected ones, and another place of the same name."""
    for area, border in zip(city.areas, shapes, strict=True):
        away = border.distance(shapely.Point(area.inner_lon, area.inner_lat)) * METRES_PER_DEGREE
        if away > FAR_M:
            raise PackError(
                f"{file.name}: {area.name} lies {away / 1000:.0f} km from where the pack has it. "
                "Coordinates must be longitude, latitude in degrees (WGS84)."
            )


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _feature(area: Area, border: BaseGeometry) -> Feature:
    inner = border.representative_point()
    properties = {
        "code": area.code,
        "name": area.name,
        "district_code": area.district_code,
        "district": area.district,
        "lat": round(border.centroid.y, 6),
        "lon": round(border.centroid.x, 6),
        "inner_lat": round(inner.y, 6),
        "inner_lon": round(inner.x, 6),
        "approximate": False,
        "crossed_by_river": list(area.crossed_by_river),
        **({"postcode": area.postcode} if area.postcode else {}),
    }
    return {"type": "Feature", "properties": properties, "geometry": mapping(border)}


def _write(target: Path, features: Iterable[Feature], source: Label) -> None:
    """Whole or not at all: a half-written file would keep the city from starting."""
    doc = {
        "type": "FeatureCollection",
        "source": {"id": source.id, "en": source.en},
        "features": list(features),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(doc, ensure_ascii=False), encoding="utf-8")
    part.replace(target)
