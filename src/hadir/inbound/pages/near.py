"""What goes on near a report that is being written, for «saya juga mengalami»: public incidents, ranked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians

from hadir.domain.city import City
from hadir.inbound.pages.desk import Draft, Happening, Picture
from hadir.inbound.pages.drawing import Drawing

#: Side by side on a small phone there is room for two and a half; four are worth looking at.
SHOWN_MOST = 4
#: Metres: farther away it is another thing. Public points may be blurred by a few hundred.
NEAR_M = 600.0
#: Very like: of the same kind, and as near as a lane's length, or in the same kelurahan when a point is missing.
VERY_NEAR_M = 250.0
_METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """An open incident and how it lies to the draft."""

    happening: Happening
    same_kind: bool
    #: None: one of the two has no point
    metres: float | None
    same_area: bool

    @property
    def very_like(self) -> bool:
        close = self.same_area if self.metres is None else self.metres <= VERY_NEAR_M
        return self.same_kind and close


def spot(happening: Happening, drawing: Drawing) -> tuple[int, int, bool] | None:
    """Where on the drawing it stands, and whether that is a point: where there is none it is the middle of its area."""
    if happening.lat is not None and happening.lon is not None:
        return *drawing.point(happening.lat, happening.lon), True
    shape = next((shape for shape in drawing.shapes if shape.code == happening.area), None)
    return None if shape is None else (shape.x, shape.y, False)


def nearby(picture: Picture, draft: Draft, kind: str, city: City) -> list[Near]:
    """Open incidents near the draft's place, the likeliest first; without a place none is near."""
    groups = {category.code: category.group for category in city.categories}
    found = [_of(h, draft, kind, groups) for h in picture.happenings if h.state in ("open", "in_progress")]
    close = [n for n in found if (n.same_area if n.metres is None else n.metres <= NEAR_M)]
    close.sort(key=lambda n: (not n.same_kind, NEAR_M / 2 if n.metres is None else n.metres, n.happening.id))
    return close[:SHOWN_MOST]


def _of(happening: Happening, draft: Draft, kind: str, groups: dict[str, str]) -> Near:
    metres = None
    if None not in (draft.lat, draft.lon, happening.lat, happening.lon):
        metres = _apart(draft.lat, draft.lon, happening.lat, happening.lon)  # type: ignore[arg-type]
    group = groups.get(kind)
    return Near(
        happening=happening,
        same_kind=happening.category == kind or (group is not None and groups.get(happening.category) == group),
        metres=metres,
        same_area=happening.area is not None and happening.area == draft.area,
    )


def _apart(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Metres, flat: right to a few centimetres over a city."""
    return hypot(lat - to_lat, (lon - to_lon) * cos(radians(lat))) * _METRES_A_DEGREE
