/** The numbers of the whole city in one look. */
import { queue } from "./queue.ts";
import { floods, openIncidents, openOrders } from "./select.ts";
import type { Board } from "./types.ts";

export interface Counts {
  waiting: number;
  urgent: number;
  incidents: number;
  withoutOfficer: number;
  unreadOrders: number;
  floodedAreas: number;
  unitsFree: number;
  units: number;
}

export function counts(board: Board, freeStatuses: ReadonlySet<string>): Counts {
  const waiting = queue(board);
  const incidents = openIncidents(board).filter((i) => i.state !== "resolved");
  const units = [...board.units.values()];
  return {
    waiting: waiting.length,
    urgent: waiting.filter((r) => r.urgency >= 4).length,
    incidents: incidents.length,
    withoutOfficer: incidents.filter((i) => i.officers.length === 0).length,
    unreadOrders: openOrders(board).filter((o) => o.read_back === null).length,
    floodedAreas: floods(board).filter((a) => a.state !== "receding").length,
    unitsFree: units.filter((u) => u.busy_with === null && freeStatuses.has(u.state)).length,
    units: units.length,
  };
}
