/** Questions about the queue: what waits, and what it belongs to. Asked by the desks; the leader's first picture does without. */
import { openIncidents } from "./select.ts";
import type { Board, Incident, Report } from "./types.ts";

export interface Filter {
  text?: string;
  area?: string;
  category?: string;
  /** Only reports at least this urgent. */
  urgency?: number;
  /** Also those whose reporter added something that the command centre has not read, wherever they belong. */
  news?: boolean;
}

const WAITING: ReadonlySet<string> = new Set(["received", "disputed"]);
const RUNNING: ReadonlySet<string> = new Set(["open", "in_progress"]);

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
  const all = [...board.reports.values()];
  const waiting = all.filter((r) => (WAITING.has(r.state) && r.incident === null) || (filter.news && (r.talk?.new ?? 0) > 0));
  return waiting.filter((r) => matches(r, filter)).sort(byRank);
}

/** Reports in the quarantine, the urgent and the newest first: what is true there has waited long enough. */
export function quarantine(board: Board): Report[] {
  const held = [...board.reports.values()].filter((r) => r.state === "held");
  return held.sort((a, b) => b.urgency - a.urgency || (a.id < b.id ? 1 : -1));
}

/** The incident of this id, or the one that it was merged into. */
function goingOn(board: Board, id: string): Incident | undefined {
  return board.incidents.get(id) ?? [...board.incidents.values()].find((i) => i.merged?.some((part) => part.id === id));
}

/** Suggested incident for a report: the first similar thing that is, or already belongs to, an open incident. */
export function suggested(board: Board, report: Report): Incident | null {
  for (const id of report.similar) {
    const target = goingOn(board, id) ?? board.incidents.get(board.reports.get(id)?.incident ?? "");
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
  const incidents = report.similar.map((id) => goingOn(board, id)).filter((i) => i !== undefined);
  return { reports, incidents: [...new Set(incidents)] };
}
