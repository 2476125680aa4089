/** The desk's queue: what waits for an answer first, then what nobody has, then the rest; the oldest first in each. */
import { agencyTasks } from "../../core/select.ts";
import { newFor } from "../../core/talk.ts";
import type { Board, Report, Task } from "../../core/types.ts";

export type Lane = "offered" | "new" | "asked" | "work" | "check" | "out";
export const LANES: readonly Lane[] = ["offered", "check", "new", "asked", "work", "out"];

/** Its name in the address: not a lane of tasks. */
export const LATE = "late";

const WORK: ReadonlySet<string> = new Set(["accepted", "en_route", "on_scene"]);

/** Where a task of this agency belongs. `out`: offered to another agency, still ours until it is taken. */
export function laneOf(task: Task, agency: string): Lane {
  if (task.offered_to === agency) return "offered";
  if (task.offered_to !== null) return "out";
  if (task.state === "done") return "check";
  if (task.state === "given") return "new";
  return WORK.has(task.state) ? "work" : "asked";
}

export interface DeskFilter {
  lane?: string;
  text?: string;
  officer?: string;
}

function matches(board: Board, task: Task, agency: string, filter: DeskFilter): boolean {
  if (filter.lane && laneOf(task, agency) !== filter.lane) return false;
  if (filter.officer && task.officer !== filter.officer) return false;
  const title = board.incidents.get(task.incident)?.title ?? "";
  const text = filter.text?.trim().toLowerCase();
  return !text || `${task.what} ${title} ${task.ref} ${task.place.words ?? ""}`.toLowerCase().includes(text);
}

export interface LaneTasks {
  lane: Lane;
  tasks: Task[];
}

export function lanes(board: Board, agency: string, filter: DeskFilter = {}): LaneTasks[] {
  const { own, offered } = agencyTasks(board, agency);
  const all = [...new Map([...offered, ...own].map((t) => [t.id, t])).values()].filter((t) => matches(board, t, agency, filter));
  const of = (lane: Lane) => all.filter((t) => laneOf(t, agency) === lane).sort((a, b) => (a.since < b.since ? -1 : 1));
  return LANES.map((lane) => ({ lane, tasks: of(lane) })).filter((l) => l.tasks.length > 0);
}

/** Reports with something that this desk has not read, and on whose incident it has no task in the queue any more. */
export function late(board: Board, agency: string, filter: DeskFilter = {}): Report[] {
  if ((filter.lane && filter.lane !== LATE) || filter.officer) return [];
  const { own, offered } = agencyTasks(board, agency);
  const queued = new Set([...own, ...offered].map((t) => t.incident));
  const text = filter.text?.trim().toLowerCase() ?? "";
  const words = (r: Report) => `${r.text} ${r.ref} ${r.place.words ?? ""} ${r.talk?.lines.map((l) => l.text).join(" ") ?? ""}`.toLowerCase();
  return [...board.reports.values()]
    .filter((r) => r.incident !== null && !queued.has(r.incident) && newFor(r, agency) > 0 && words(r).includes(text))
    .sort((a, b) => (a.since < b.since ? -1 : 1));
}

export function counts(board: Board, agency: string): Record<Lane, number> {
  const found = Object.fromEntries(LANES.map((l) => [l, 0])) as Record<Lane, number>;
  for (const { lane, tasks } of lanes(board, agency)) found[lane] = tasks.length;
  return found;
}
