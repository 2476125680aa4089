/** Where an address leads on the desk: `/pusat#/order/01J…` of a push notice opens that thing, and brings it into sight. */
import { tick } from "svelte";
import { parse } from "../../faces/route.svelte.ts";
import type { Board } from "../../core/types.ts";
import type { Desk } from "./desk.svelte.ts";

/** The card of a thing in the right column. */
export const cardId = (at: string, id: string): string => `${at}-${id}`;

export type Target =
  | { kind: "incident"; incident: string; card: string | null }
  | { kind: "report"; report: string }
  | { kind: "area"; area: string }
  | { kind: "unit"; unit: string; incident: string | null };

/** What the address names, or null when it is not on the board (any more). Pure. */
export function targetOf(board: Board, hash: string): Target | null {
  const { at, id } = parse(hash);
  switch (at) {
    case "incident":
      return board.incidents.has(id) ? { kind: "incident", incident: id, card: null } : null;
    case "order":
    case "task": {
      const incident = (at === "order" ? board.orders : board.tasks).get(id)?.incident;
      return incident && board.incidents.has(incident) ? { kind: "incident", incident, card: cardId(at, id) } : null;
    }
    case "area":
      return board.areas.has(id) ? { kind: "area", area: id } : null;
    case "report": {
      const report = board.reports.get(id);
      if (!report) return null;
      return report.incident ? { kind: "incident", incident: report.incident, card: null } : { kind: "report", report: id };
    }
    case "unit": {
      const unit = board.units.get(id);
      if (!unit) return null;
      return { kind: "unit", unit: id, incident: board.tasks.get(unit.busy_with ?? "")?.incident ?? null };
    }
    default:
      return null;
  }
}

/** Opens what the address names. The address is then the desk's own again, so that the same link works twice. */
export async function follow(desk: Desk): Promise<void> {
  const hash = location.hash;
  if (!hash.startsWith("#/")) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  const target = targetOf(desk.app.board, hash);
  if (!target) return desk.app.toast(desk.app.say("staff.gone"));
  if (target.kind === "area") return desk.showArea(target.area);
  if (target.kind === "report") return desk.choose(target.report);
  desk.showIncident(target.incident);
  if (target.kind === "unit") return desk.lookAt(desk.app.board.units.get(target.unit)!.place);
  if (!target.card) return;
  await tick();
  const card = document.getElementById(target.card);
  card?.scrollIntoView({ block: "center" });
  card?.focus();
}
