/** To whom an order can go: who is on it first, then who is free and near, then the rest; each with reasons in words. */
import type { Names } from "../core/boot.ts";
import { onIt } from "../core/select.ts";
import type { Board, Incident, Params, Unit } from "../core/types.ts";
import { metres, pointOf } from "./geo.ts";
import type { Point } from "./geo.ts";

/** An older position is shown as old and not used for «nearest». */
export const FRESH_MS = 5 * 60_000;

export interface Why {
  key: string;
  params: Params;
}
export interface Addressee {
  unit: Unit;
  group: "on_it" | "free" | "other";
  /** From a fresh position only. */
  metres: number | null;
  why: Why[];
}

export function fresh(unit: Unit, now: number): boolean {
  return unit.seen_at !== null && now - Date.parse(unit.seen_at) <= FRESH_MS;
}

/** Where it is: the place itself, or the centre of its area. */
export function placePoint(place: Incident["place"], names: Names): Point | null {
  return pointOf(place) ?? names.areas.get(place.area ?? "") ?? null;
}

/** «850 m», «1,2 km» as a catalogue key and its number. */
export function distanceWords(m: number, lang: string): Why {
  if (m < 1000) return { key: "staff.metres", params: { n: Math.max(10, Math.round(m / 10) * 10) } };
  return { key: "staff.kilometres", params: { n: (m / 1000).toLocaleString(lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) } };
}

function reach(unit: Unit, target: Point | null, now: number, lang: string): { metres: number | null; why: Why } {
  const at = pointOf(unit.place);
  if (!at || unit.seen_at === null) return { metres: null, why: { key: "pimpin.why.no_position", params: {} } };
  const minutes = Math.floor((now - Date.parse(unit.seen_at)) / 60_000);
  if (!fresh(unit, now)) return { metres: null, why: { key: "pimpin.why.old_position", params: { n: minutes } } };
  if (!target) return { metres: null, why: { key: "pimpin.why.place_unknown", params: {} } };
  const m = metres(at, target);
  return { metres: m, why: distanceWords(m, lang) };
}

const GROUPS = ["on_it", "free", "other"] as const;

export function addressees(board: Board, incident: Incident, names: Names, now: number, lang: string): Addressee[] {
  const target = placePoint(incident.place, names);
  const here = new Set(onIt(board, incident.id).map((u) => u.id));
  const agency = names.categories.get(incident.category)?.agency;
  const found = [...board.units.values()].map((unit): Addressee => {
    const free = unit.busy_with === null && (names.statuses.get(unit.state)?.free ?? false);
    const group = here.has(unit.id) ? "on_it" : free ? "free" : "other";
    const near = reach(unit, target, now, lang);
    const why: Why[] = [{ key: `pimpin.why.${group === "other" && unit.busy_with ? "busy" : group}`, params: {} }, near.why];
    if (unit.agency === agency) why.push({ key: "pimpin.why.own_agency", params: { agency: names.agency(unit.agency) } });
    return { unit, group, metres: near.metres, why };
  });
  const far = (a: Addressee) => a.metres ?? Number.MAX_SAFE_INTEGER;
  const other = (a: Addressee) => (a.unit.agency === agency ? 0 : 1);
  return found.sort(
    (a, b) =>
      GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || far(a) - far(b) || other(a) - other(b) || (a.unit.id < b.unit.id ? -1 : 1),
  );
}
