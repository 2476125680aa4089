/** What was this officer's a moment ago and is not any more: an order, a task that was called off or is somebody else's. */
import type { Names } from "../../core/boot.ts";
import type { Board, Fact, Task } from "../../core/types.ts";

export interface Lost {
  id: string;
  /** Words: `petugas.lost.<why>`. */
  why: string;
  what: string;
  reason: string | null;
  at: string;
}

const FOR_MS = 15 * 60_000;
const MOST = 3;
const ORDER: ReadonlySet<string> = new Set(["cancelled", "superseded", "expired"]);
const AT_WORK: ReadonlySet<string> = new Set(["assigned", "accepted", "en_route", "on_scene"]);

type Called = Pick<Names, "action" | "area" | "category">;

const named = (task: Task, names: Called): string => `${task.what || names.category(task.category)}, ${names.area(task.place.area)}`;

/** His orders and tasks on the board that ended without him. */
export function ended(board: Board, me: string, names: Called): Lost[] {
  const orders = [...board.orders.values()].filter((o) => o.to === me && ORDER.has(o.state));
  const tasks = [...board.tasks.values()].filter((t) => t.officer === me && t.state === "cancelled");
  return [
    ...orders.map((o) => ({ id: o.id, why: o.state, what: `${names.action(o.action)}, ${names.area(o.place.area)}`, reason: o.reason, at: o.state_at })),
    ...tasks.map((t) => ({ id: t.id, why: "called_off", what: named(t, names), reason: null, at: t.state_at })),
  ];
}

/** Tasks that these facts took off his board while he was at them; `before`: his tasks until then. */
export function taken(facts: readonly Fact[], before: readonly Task[], names: Called): Lost[] {
  return facts.flatMap((fact) => {
    const gone = new Set(fact.gone?.tasks);
    return before
      .filter((t) => gone.has(t.id) && AT_WORK.has(t.state))
      .map((t) => ({ id: t.id, why: "taken", what: named(t, names), reason: null, at: fact.at }));
  });
}

/** The newest first, and few: what has to be done now keeps its place on the screen. */
export function lately(all: readonly Lost[], now: number): Lost[] {
  const recent = all.filter((l) => now - Date.parse(l.at) < FOR_MS);
  return recent.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, MOST);
}
