/**
 * The few things that matter now, for a wall that is read at five metres: what nobody has in hand comes first.
 * Pure: the board, what calls, and the time; the words are `matter.<code>`.
 */
import { floods, onIt, openIncidents, openOrders, severityRank } from "./select.ts";
import { queue } from "./queue.ts";
import type { Tone } from "./status.ts";
import type { Board, Params } from "./types.ts";

export interface Matter {
  id: string;
  code: string;
  icon: string;
  tone: Tone;
  title: string;
  params: Params;
  since: string;
  /** Nobody has taken it up: the only thing on a page that may blink. */
  alarm: boolean;
  score: number;
}

/** An order that is not read back after this waits too long. */
export const READ_BACK_MS = 120_000;

export interface Naming {
  area(code: string | null): string;
  category(code: string): string;
  person(id: string): string;
  /** Does this status want an answer at once? */
  calls(status: string): boolean;
}

function calling(board: Board, names: Naming): Matter[] {
  return [...board.units.values()]
    .filter((u) => names.calls(u.state))
    .map((u) => ({ id: u.id, code: "calls", icon: "voice", tone: "danger", title: u.name, params: {}, since: u.since, alarm: true, score: 900 }));
}

/** Emergencies of one kind in one area, in the same hands, are one line with a number. */
function urgentReports(board: Board, names: Naming): Matter[] {
  const groups = Map.groupBy(queue(board, { urgency: 4 }), (r) => `${r.category} ${r.place.area} ${r.claimed_by}`);
  return [...groups.values()].map((same) => {
    const oldest = same.reduce((a, b) => (a.since <= b.since ? a : b));
    const holder = oldest.claimed_by;
    return {
      id: oldest.id, code: holder ? "report_claimed" : "report", icon: "report", tone: "danger",
      title: [names.category(oldest.category), names.area(oldest.place.area)].filter(Boolean).join(", "),
      params: { n: same.length, name: holder ? names.person(holder) : "" },
      since: oldest.since, alarm: !holder, score: holder ? 300 : 700,
    };
  });
}

function incidents(board: Board): Matter[] {
  return openIncidents(board)
    .filter((i) => i.state !== "resolved")
    .map((i) => {
      const people = onIt(board, i.id).length || i.officers.length;
      const code = i.disputed ? "disputed" : people ? "incident" : "uncovered";
      const score = severityRank(i) * 60 + Math.min(i.people, 50) + (i.disputed ? 250 : 0) + (people ? 0 : 200);
      const icon = severityRank(i) >= 2 ? "confirmed" : "incident";
      return { id: i.id, code, icon, tone: "danger", title: i.title, params: { people: i.people, officers: people }, since: i.since, alarm: false, score };
    });
}

/** Areas that flood and have no open incident of their own on the list: an area with one is told by it. */
function dryless(board: Board): Matter[] {
  const told = new Set(openIncidents(board).filter((i) => i.flood && i.state !== "resolved").map((i) => i.place.area));
  const score = { declared: 400, confirmed: 350, suspected: 150 } as Record<string, number>;
  return floods(board)
    .filter((a) => a.state !== "receding" && !told.has(a.id))
    .map((a) => ({ id: a.id, code: `area_${a.state}`, icon: a.state, tone: "danger", title: a.name, params: { reports: a.reports }, since: a.since ?? "", alarm: false, score: score[a.state] ?? 0 }));
}

function orders(board: Board, names: Naming, now: number): Matter[] {
  return openOrders(board)
    .filter((o) => o.read_back === null && now - Date.parse(o.since) > READ_BACK_MS)
    .map((o) => ({ id: o.id, code: "order", icon: "order", tone: "warn", title: names.person(o.to), params: {}, since: o.since, alarm: false, score: 500 }));
}

/** The `most` that matter most; equal ones by age, the older first. */
export function matters(board: Board, names: Naming, now: number, most: number): Matter[] {
  const all = [...calling(board, names), ...urgentReports(board, names), ...orders(board, names, now), ...incidents(board), ...dryless(board)];
  return all.sort((a, b) => b.score - a.score || (a.since < b.since ? -1 : 1) || (a.id < b.id ? -1 : 1)).slice(0, most);
}
