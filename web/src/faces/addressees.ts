/** To whom an order can go: who is on it first, then who is free and near, then the rest; each with reasons in words. */
import type { Names } from "../core/boot.ts";
import { onIt } from "../core/select.ts";
import type { Board, Incident, Unit } from "../core/types.ts";
import { metres, pointOf } from "./geo.ts";
import type { Point } from "./geo.ts";
import { distanceWords, fresh, reportedPoints, spotOf } from "./near.ts";
import type { Why } from "./near.ts";

export interface Addressee {
  unit: Unit;
  /** `untold`: has never said whether he is free. */
  group: "on_it" | "free" | "untold" | "other";
  /** From a fresh position only. */
  metres: number | null;
  why: Why[];
}

function reach(unit: Unit, target: Point | null, now: number, lang: string): { metres: number | null; why: Why } {
  const at = pointOf(unit.place);
  if (!at || unit.placed_at === null) return { metres: null, why: { key: "staff.why.no_position", params: {} } };
  const minutes = Math.floor((now - Date.parse(unit.placed_at)) / 60_000);
  if (!fresh(unit, now)) return { metres: null, why: { key: "staff.why.old_position", params: { n: minutes } } };
  if (!target) return { metres: null, why: { key: "staff.why.place_unknown", params: {} } };
  const m = metres(at, target);
  return { metres: m, why: distanceWords(m, lang) };
}

/** As the rule allows: who is at another job, not ready or in need himself is chosen by hand, or not at all. */
export const preselected = (all: readonly Addressee[]): string | null =>
  all[0] && (all[0].group === "on_it" || all[0].group === "free") ? all[0].unit.id : null;

const GROUPS = ["on_it", "free", "untold", "other"] as const;

export function addressees(board: Board, incident: Incident, names: Names, now: number, lang: string): Addressee[] {
  const target = spotOf(incident.place, reportedPoints(board).get(incident.id) ?? [], names);
  const here = new Set(onIt(board, incident.id).map((u) => u.id));
  const agency = names.categories.get(incident.category)?.agency;
  const found = [...board.units.values()].map((unit): Addressee => {
    const status = names.statuses.get(unit.state);
    const idle = unit.busy_with !== null || unit.alarms.length > 0 ? "other" : status === undefined ? "untold" : status.free ? "free" : "other";
    const group = here.has(unit.id) ? "on_it" : idle;
    const near = reach(unit, target, now, lang);
    const why: Why[] = [{ key: `staff.why.${group === "other" && unit.busy_with ? "busy" : group}`, params: {} }, near.why];
    if (unit.agency === agency) why.push({ key: "staff.why.own_agency", params: { agency: names.agency(unit.agency) } });
    return { unit, group, metres: near.metres, why };
  });
  const far = (a: Addressee) => a.metres ?? Number.MAX_SAFE_INTEGER;
  const other = (a: Addressee) => (a.unit.agency === agency ? 0 : 1);
  return found.sort(
    (a, b) =>
      GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || far(a) - far(b) || other(a) - other(b) || (a.unit.id < b.unit.id ? -1 : 1),
  );
}
