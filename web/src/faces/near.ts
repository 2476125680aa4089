/** How far somebody is, and whether that can still be said: an old position is not used for «nearest». */
import type { Names } from "../core/boot.ts";
import type { Board, Params, Place, Unit } from "../core/types.ts";
import { metres, pointOf } from "./geo.ts";
import type { Point } from "./geo.ts";

/** An older position is shown as old, and is never «nearest». As the rule of who can go (`dispatch.toml`, stale_s). */
export const FRESH_MS = 3 * 60_000;

/** A catalogue key and what stands in its gaps. */
export interface Why {
  key: string;
  params: Params;
}

export function fresh(unit: Unit, now: number): boolean {
  return unit.placed_at !== null && now - Date.parse(unit.placed_at) <= FRESH_MS;
}

/** The point that lies nearest to all others: a real one, and an outlier does not move it. */
export function medoid(points: readonly Point[]): Point | null {
  const far = (p: Point) => points.reduce((sum, q) => sum + metres(p, q), 0);
  return points.reduce<Point | null>((best, p) => (best === null || far(p) < far(best) ? p : best), null);
}

/** More would not move it, and every pair is measured. */
const REPORTS_MOST = 40;

/** Where its reports were made, as far as this viewer may see them; an incident itself has no exact point. */
export function reportedPoints(board: Board): Map<string, Point[]> {
  const found = new Map<string, Point[]>();
  for (const report of board.reports.values()) {
    const point = pointOf(report.place);
    if (!point || report.incident === null || report.place.outside) continue;
    const points = found.get(report.incident);
    if (!points) found.set(report.incident, [point]);
    else if (points.length < REPORTS_MOST) points.push(point);
  }
  return found;
}

export interface Spot extends Point {
  /** False: only the centre of the area. */
  exact: boolean;
}

/** Where an incident is: its own point, its reports', or the centre of its area. */
export function spotOf(place: Place, reported: readonly Point[], names: Names): Spot | null {
  const exact = pointOf(place) ?? medoid(reported);
  const centre = names.areas.get(place.area ?? "");
  if (exact) return { lat: exact.lat, lon: exact.lon, exact: true };
  return centre ? { lat: centre.lat, lon: centre.lon, exact: false } : null;
}

/** «850 m», «1,2 km». */
export function distanceWords(m: number, lang: string): Why {
  if (m < 1000) return { key: "staff.metres", params: { n: Math.max(10, Math.round(m / 10) * 10) } };
  return { key: "staff.kilometres", params: { n: (m / 1000).toLocaleString(lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) } };
}
