/** How far somebody is, and whether that can still be said: an old position is not used for «nearest». */
import type { Names } from "../core/boot.ts";
import type { Params, Place, Unit } from "../core/types.ts";
import { pointOf } from "./geo.ts";
import type { Point } from "./geo.ts";

/** An older position is shown as old. */
export const FRESH_MS = 5 * 60_000;

/** A catalogue key and what stands in its gaps. */
export interface Why {
  key: string;
  params: Params;
}

export function fresh(unit: Unit, now: number): boolean {
  return unit.seen_at !== null && now - Date.parse(unit.seen_at) <= FRESH_MS;
}

/** Where it is: the place itself, or the centre of its area. */
export function placePoint(place: Place, names: Names): Point | null {
  return pointOf(place) ?? names.areas.get(place.area ?? "") ?? null;
}

/** «850 m», «1,2 km». */
export function distanceWords(m: number, lang: string): Why {
  if (m < 1000) return { key: "staff.metres", params: { n: Math.max(10, Math.round(m / 10) * 10) } };
  return { key: "staff.kilometres", params: { n: (m / 1000).toLocaleString(lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) } };
}
