/** What waits for this commander: each kind opens its list. The most pressing first. */
import { floods, onIt } from "../core/select.ts";
import type { Area, Board, Incident, Order, Task, Unit } from "../core/types.ts";
import { late, lost, unread } from "./why.ts";

export type NeedKind = "confirm" | "late" | "refused" | "uncovered" | "done" | "unread" | "check";

export interface Needs {
  /** Read back: mine to confirm or correct. */
  confirm: Order[];
  /** A step's timer has run out, or the time to be done has. */
  late: Order[];
  /** Refused, expired or given back, and no order of mine on the same incident since. */
  refused: Order[];
  /** Flooded, and nobody on the way. */
  uncovered: Area[];
  /** My orders that are said to be done: they want my look. */
  done: Order[];
  /** Not yet understood: sent and not read back, while its timers run. */
  unread: Order[];
  /** All other work that is said to be done: somebody else than who did it has to look. */
  check: Task[];
}
export const NEEDS: readonly NeedKind[] = ["confirm", "late", "refused", "uncovered", "done", "unread", "check"];

const WET: ReadonlySet<string> = new Set(["declared", "confirmed"]);
const OPEN: ReadonlySet<string> = new Set(["open", "in_progress"]);
const LOST: ReadonlySet<string> = new Set(["refused", "expired"]);

const oldest = (a: { since: string }, b: { since: string }) => (a.since < b.since ? -1 : 1);

export function incidentsOf(board: Board, area: string): Incident[] {
  return [...board.incidents.values()]
    .filter((i) => i.place.area === area && OPEN.has(i.state))
    .sort((a, b) => b.people - a.people || (a.id < b.id ? -1 : 1));
}

/** Officers at work on the water of an area. */
export function officersIn(board: Board, area: string): Unit[] {
  const found = incidentsOf(board, area).filter((i) => i.flood).flatMap((i) => onIt(board, i.id));
  return [...new Map(found.map((u) => [u.id, u])).values()];
}

function refused(orders: Order[]): Order[] {
  const lostAt = (o: Order) => o.steps.at(-1)?.at ?? o.state_at;
  const answered = (o: Order) => orders.some((later) => later.incident === o.incident && later.since > lostAt(o));
  return orders.filter((o) => (LOST.has(o.state) || lost(o) === "given_back") && !answered(o));
}

export function needs(board: Board, me: string, now: number): Needs {
  const mine = [...board.orders.values()].filter((o) => o.from === me).sort(oldest);
  const done = mine.filter((o) => o.state === "accepted" && o.task_state === "done");
  const ordered = new Set(done.map((o) => o.task));
  return {
    confirm: mine.filter((o) => o.state === "read_back"),
    late: mine.filter((o) => late(o, now)),
    refused: refused(mine),
    uncovered: floods(board).filter((a) => WET.has(a.state) && officersIn(board, a.id).length === 0),
    done,
    unread: mine.filter((o) => unread(o) && !late(o, now)),
    check: [...board.tasks.values()].filter((t) => t.state === "done" && !ordered.has(t.id)).sort(oldest),
  };
}

export function total(n: Needs): number {
  return NEEDS.reduce((sum, kind) => sum + n[kind].length, 0);
}
