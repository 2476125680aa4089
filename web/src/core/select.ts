/** Questions to a board. All pure; all cheap enough to ask after every fact. */
import type { Area, Board, FloodState, Incident, Order, Report, Task, Unit } from "./types.ts";

export interface Filter {
  text?: string;
  area?: string;
  category?: string;
  /** Only reports at least this urgent. */
  urgency?: number;
}

const WAITING: ReadonlySet<string> = new Set(["received", "disputed"]);
const RUNNING: ReadonlySet<string> = new Set(["open", "in_progress"]);
const OVER: ReadonlySet<string> = new Set(["verified", "cancelled"]);
const ORDER_OPEN: ReadonlySet<string> = new Set(["sent", "delivered", "seen", "read_back", "confirmed"]);

/** How bad, worst first: the order of every list of areas. */
export const FLOOD_ORDER: readonly FloodState[] = ["declared", "confirmed", "suspected", "receding", "over", "no_news"];

function byRank(a: Report, b: Report): number {
  return b.rank - a.rank || (a.id < b.id ? -1 : 1);
}

function matches(report: Report, filter: Filter): boolean {
  if (filter.area && report.place.area !== filter.area) return false;
  if (filter.category && report.category !== filter.category) return false;
  if (filter.urgency && report.urgency < filter.urgency) return false;
  const text = filter.text?.trim().toLowerCase();
  return !text || `${report.text} ${report.ref} ${report.place.words ?? ""}`.toLowerCase().includes(text);
}

/** Reports that wait for a person: first come those with the bigger rank; equal ranks by id, so the order is total. */
export function queue(board: Board, filter: Filter = {}): Report[] {
  const waiting = [...board.reports.values()].filter((r) => WAITING.has(r.state) && r.incident === null);
  return waiting.filter((r) => matches(r, filter)).sort(byRank);
}

const SEVERITY = { severe: 3, moderate: 2, minor: 1 } as const;

export function severityRank(incident: Incident): number {
  return incident.severity ? SEVERITY[incident.severity] : 0;
}

/** Incidents that are not over: disputed, then severe, then by people, newest report first. */
export function openIncidents(board: Board): Incident[] {
  return [...board.incidents.values()]
    .filter((i) => i.state !== "closed")
    .sort(
      (a, b) =>
        Number(b.disputed) - Number(a.disputed) ||
        Number(a.state === "resolved") - Number(b.state === "resolved") ||
        severityRank(b) - severityRank(a) ||
        b.people - a.people ||
        ((a.last_report_at ?? a.since) < (b.last_report_at ?? b.since) ? 1 : -1),
    );
}

/** Mana yang banjir: areas with news of water, worst first. */
export function floods(board: Board): Area[] {
  const rank = (a: Area) => FLOOD_ORDER.indexOf(a.state);
  return [...board.areas.values()]
    .filter((a) => a.state !== "no_news" && a.state !== "over")
    .sort((a, b) => rank(a) - rank(b) || b.reports - a.reports || ((a.since ?? "") < (b.since ?? "") ? -1 : 1));
}

export function reportsOf(board: Board, incident: string): Report[] {
  return [...board.reports.values()].filter((r) => r.incident === incident).sort((a, b) => (a.since < b.since ? 1 : -1));
}

export function tasksOf(board: Board, incident: string): Task[] {
  return [...board.tasks.values()].filter((t) => t.incident === incident).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function ordersOf(board: Board, incident: string): Order[] {
  return [...board.orders.values()].filter((o) => o.incident === incident).sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Who is on it: officers of its open tasks, once each. */
export function onIt(board: Board, incident: string): Unit[] {
  const ids = new Set(tasksOf(board, incident).filter((t) => !OVER.has(t.state)).map((t) => t.officer));
  return [...board.units.values()].filter((u) => ids.has(u.id));
}

/** An officer's jobs that are not over; the one under way first. */
export function myTasks(board: Board, me: string): Task[] {
  const order = ["on_scene", "en_route", "accepted", "assigned", "given", "done"];
  return [...board.tasks.values()]
    .filter((t) => t.officer === me && !OVER.has(t.state))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.id < b.id ? -1 : 1));
}

/** What an agency's desk has to do: its own open tasks, and hand-overs that wait for its answer. */
export function agencyTasks(board: Board, agency: string): { own: Task[]; offered: Task[] } {
  const open = [...board.tasks.values()].filter((t) => !OVER.has(t.state)).sort((a, b) => (a.since < b.since ? -1 : 1));
  return { own: open.filter((t) => t.agency === agency), offered: open.filter((t) => t.offered_to === agency) };
}

export function myOrders(board: Board, me: string): Order[] {
  return [...board.orders.values()].filter((o) => o.to === me && ORDER_OPEN.has(o.state));
}

/** Orders that this account, or its agency's desk, sees without answering, the newest first, until the work is over. */
export function copiedTo(board: Board, me: string, agency: string | null = null): Order[] {
  const running = (o: Order) => ORDER_OPEN.has(o.state) || (o.state === "accepted" && !OVER.has(o.task_state ?? ""));
  return [...board.orders.values()]
    .filter((o) => o.to !== me && ((agency !== null && o.agency === agency) || o.copies.some((c) => c.id === me)) && running(o))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}

export function openOrders(board: Board): Order[] {
  return [...board.orders.values()].filter((o) => ORDER_OPEN.has(o.state)).sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Suggested incident for a report: the first similar thing that is, or already belongs to, an open incident. */
export function suggested(board: Board, report: Report): Incident | null {
  for (const id of report.similar) {
    const target = board.incidents.get(id) ?? board.incidents.get(board.reports.get(id)?.incident ?? "");
    if (target && target.state !== "closed") return target;
  }
  return null;
}

/** Incidents under way that a new one of this category and area would share its name with, in the board's order. */
export function namesakes(board: Board, category: string, area: string | null): Incident[] {
  if (area === null) return [];
  return openIncidents(board).filter((i) => RUNNING.has(i.state) && i.category === category && i.place.area === area);
}

/**
 * The namesake this report most likely belongs to: the suggested one, and for water any in the same area, since one
 * flood there is one incident, however far apart two people stand in it.
 */
export function twin(board: Board, report: Report): Incident | null {
  const found = namesakes(board, report.category, report.place.area);
  const near = suggested(board, report);
  return found.find((i) => i.id === near?.id) ?? (report.flood ? (found[0] ?? null) : null);
}

/** The similar things themselves, incidents and reports, that are still on the board. */
export function similarOf(board: Board, report: Report): { reports: Report[]; incidents: Incident[] } {
  const reports = report.similar.map((id) => board.reports.get(id)).filter((r) => r !== undefined);
  const incidents = report.similar.map((id) => board.incidents.get(id)).filter((i) => i !== undefined);
  return { reports, incidents };
}

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
