/** Questions to a board. All pure; all cheap enough to ask after every fact. */
import type { Area, Board, FloodState, Incident, Order, Report, Task, Unit } from "./types.ts";

const OVER: ReadonlySet<string> = new Set(["verified", "cancelled"]);
const ORDER_OPEN: ReadonlySet<string> = new Set(["sent", "delivered", "seen", "read_back", "confirmed"]);

/** How bad, worst first: the order of every list of areas. */
export const FLOOD_ORDER: readonly FloodState[] = ["declared", "confirmed", "suspected", "receding", "over", "no_news"];

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

/** Those that want something of him. One that he has taken without a line has no task yet: it stays, or he would see nothing. */
export function myOrders(board: Board, me: string): Order[] {
  const waits = (o: Order) => ORDER_OPEN.has(o.state) || (o.state === "accepted" && o.task === null);
  return [...board.orders.values()].filter((o) => o.to === me && waits(o));
}

/** The orders that a task carries out for this officer, the oldest first: a later one may have joined it. */
export function orderedBy(board: Board, task: Task): Order[] {
  return [...board.orders.values()].filter((o) => o.task === task.id && o.to === task.officer).sort((a, b) => (a.id < b.id ? -1 : 1));
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
