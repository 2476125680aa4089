/** The area a point lies in, by the outlines where they are known, else the one with the nearest centre. */
import type { AreaName } from "../core/boot.ts";
import type { Outlines, Point } from "./geo.ts";
import { metres } from "./geo.ts";

/** Even-odd rule over all rings of an area: a hole is outside. */
function inside(point: Point, rings: number[][][]): boolean {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!;
      const [xj, yj] = ring[j]!;
      const crosses = yi! > point.lat !== yj! > point.lat;
      if (crosses && point.lon < ((xj! - xi!) * (point.lat - yi!)) / (yj! - yi!) + xi!) odd = !odd;
    }
  }
  return odd;
}

export function areaAt(point: Point, areas: readonly AreaName[], outlines: Outlines | null): string | null {
  const hit = outlines?.features.find(({ geometry: g }) => inside(point, g.type === "Polygon" ? g.coordinates : g.coordinates.flat()));
  if (hit) return hit.properties.code;
  return [...areas].sort((a, b) => metres(point, a) - metres(point, b))[0]?.code ?? null;
}
