"""Draws approximate borders of a city's areas from facts alone: a centroid and a size each.

    .venv/bin/python tools/make_areas.py cities/NAME

Reads areas.csv of the pack and writes areas.geojson, every area marked approximate. The method
(docs/adr/0006-areas.md): discs of each area's size, joined and closed, give the outline; a power diagram (a Voronoi
diagram with weights) divides it, the weights moved until each cell has about its true size.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path

from shapely import Point, Polygon, unary_union

METRES_PER_DEGREE = 111_195.0
DECIMALS = 5  # 1.1 m: far finer than the border is true
ROUNDS = 300  # enough for every cell of 21 to come within 3 % of its size
CLOSING_M = 700.0  # gaps between discs narrower than twice this are city, not outside
SIMPLIFY_M = 60.0
SOURCE = {
    "id": "Batas perkiraan, digambar dari titik pusat dan luas; bukan batas resmi.",
    "en": "Approximate borders, drawn from centroids and sizes; not official.",
}

Site = tuple[float, float]


def main(folder: Path) -> None:
    rows = read(folder / "areas.csv")
    lat0 = sum(float(r["lat"]) for r in rows) / len(rows)
    east = METRES_PER_DEGREE * math.cos(math.radians(lat0))
    sites = [(float(r["lon"]) * east, float(r["lat"]) * METRES_PER_DEGREE) for r in rows]
    sizes = [float(r["km2"]) * 1e6 for r in rows]
    cells = divide(outline(sites, sizes), sites, sizes)
    features = [feature(row, cell, east) for row, cell in zip(rows, cells, strict=True)]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    head = json.dumps(SOURCE, ensure_ascii=False)
    text = f'{{"type":"FeatureCollection","source":{head},"features":[\n{lines}\n]}}\n'
    (folder / "areas.geojson").write_text(text, encoding="utf-8")
    print(f"{len(cells)} areas, {len(text) / 1024:.1f} KiB")
    for row, cell, size in zip(rows, cells, sizes, strict=True):
        print(f"  {row['name']:<16} {cell.area / 1e6:5.2f} km², true {size / 1e6:5.2f}")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def outline(sites: list[Site], sizes: list[float]) -> Polygon:
    """The city: discs of the areas' sizes, closed over their gaps, blown up or shrunk to the sum of the sizes."""
    discs = [Point(s).buffer(math.sqrt(a / math.pi) * 1.1) for s, a in zip(sites, sizes, strict=True)]
    closed = unary_union(discs).buffer(CLOSING_M).buffer(-CLOSING_M).simplify(SIMPLIFY_M)
    low, high = -500.0, 500.0
    for _ in range(30):
        middle = (low + high) / 2
        if closed.buffer(middle, join_style="mitre").area < sum(sizes):
            low = middle
        else:
            high = middle
    grown = closed.buffer(low, join_style="mitre").simplify(SIMPLIFY_M)
    if not isinstance(grown, Polygon):
        raise SystemExit("the areas do not hang together; raise CLOSING_M")
    return Polygon(grown.exterior)


def divide(city: Polygon, sites: list[Site], sizes: list[float]) -> list[Polygon]:
    """Cells of about the true size, each around its site."""
    weights = [0.0] * len(sites)
    cells = [cell(city, sites, weights, i) for i in range(len(sites))]
    for _ in range(ROUNDS):
        for i, size in enumerate(sizes):
            # A disc's area is pi r²: the missing area, as r², is the step; a fifth of it keeps neighbours calm.
            weights[i] += (size - cells[i].area) / math.pi * 0.2
        cells = [cell(city, sites, weights, i) for i in range(len(sites))]
    return cells


def cell(city: Polygon, sites: list[Site], weights: list[float], i: int) -> Polygon:
    """The part of the city nearer to site i than to any other, by distance² − weight."""
    part, (x, y) = city, sites[i]
    for j, (u, v) in enumerate(sites):
        if j == i or part.is_empty:
            continue
        part = part.intersection(half_plane((x, y), (u, v), weights[i] - weights[j]))
    pieces = getattr(part, "geoms", [part])
    return max(pieces, key=lambda p: p.area) if not part.is_empty else Polygon()


def half_plane(here: Site, there: Site, more: float) -> Polygon:
    """A big rectangle on our side of the line between two sites, moved by the difference of weights."""
    (x, y), (u, v) = here, there
    away = math.hypot(u - x, v - y)
    dx, dy = (u - x) / away, (v - y) / away
    at = (away * away + more) / (2 * away)
    reach = 60_000.0
    ends = [(at, -reach), (at, reach), (at - 2 * reach, reach), (at - 2 * reach, -reach)]
    return Polygon([(x + a * dx - b * dy, y + a * dy + b * dx) for a, b in ends])


def feature(row: dict[str, str], shape: Polygon, east: float) -> dict[str, object]:
    if shape.is_empty:
        raise SystemExit(f"{row['name']} has no cell: its size leaves it no room")
    ring = [[round(x / east, DECIMALS), round(y / METRES_PER_DEGREE, DECIMALS)] for x, y in shape.exterior.coords]
    inside = Point(float(row["inner_lon"]) * east, float(row["inner_lat"]) * METRES_PER_DEGREE)
    inner = inside if shape.contains(inside) else shape.representative_point()
    properties = {
        "code": row["code"],
        "name": row["name"],
        "district_code": row["district_code"],
        "district": row["district"],
        "lat": round(float(row["lat"]), DECIMALS),
        "lon": round(float(row["lon"]), DECIMALS),
        "inner_lat": round(inner.y / METRES_PER_DEGREE, DECIMALS),
        "inner_lon": round(inner.x / east, DECIMALS),
        "approximate": True,
        "crossed_by_river": [name for name in row["rivers"].split("|") if name],
        "postcode": row["postcode"],
    }
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
