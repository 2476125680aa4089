/** What waits for this commander: each kind opens its list. The most pressing first. */
import { floods, onIt } from "../core/select.ts";
import type { Area, Board, Incident, Order, Task, Unit } from "../core/types.ts";

export type NeedKind = "confirm" | "refused" | "uncovered" | "unread" | "check";

export interface Needs {
  /** Read back: mine to confirm or correct. */
  confirm: Order[];
  /** Refused, and no order of mine on the same incident since. */
  refused: Order[];
  /** Flooded, and nobody on the way. */
  uncovered: Area[];
  /** Sent, not yet read back. */
  unread: Order[];
  /** Said to be done: somebody else has to look. */
  check: Task[];
}
export const NEEDS: readonly NeedKind[] = ["confirm", "refused", "uncovered", "unread", "check"];

const UNREAD: ReadonlySet<string> = new Set(["sent", "delivered", "seen"]);
const WET: ReadonlySet<string> = new Set(["declared", "confirmed"]);
const OPEN: ReadonlySet<string> = new Set(["open", "in_progress"]);
/** Read back within this long, by the order's own timer. */
export const READ_BACK_MS = 120_000;

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
  const answered = (o: Order) => orders.some((later) => later.incident === o.incident && later.id > o.id);
  return orders.filter((o) => o.state === "refused" && !answered(o));
}

export function needs(board: Board, me: string): Needs {
  const mine = [...board.orders.values()].filter((o) => o.from === me).sort(oldest);
  return {
    confirm: mine.filter((o) => o.state === "read_back"),
    refused: refused(mine),
    uncovered: floods(board).filter((a) => WET.has(a.state) && officersIn(board, a.id).length === 0),
    unread: mine.filter((o) => UNREAD.has(o.state)),
    check: [...board.tasks.values()].filter((t) => t.state === "done").sort(oldest),
  };
}

export function total(n: Needs): number {
  return NEEDS.reduce((sum, kind) => sum + n[kind].length, 0);
}
