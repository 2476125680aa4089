/** What `GET /api/v1/incidents/<id>/dispatch` answers: officers in the order in which they should be asked. */
import type { Board, Reason, Task } from "./types.ts";

export interface Suggestion {
  id: string;
  name: string;
  agency: string;
  state: string;
  standing: "free" | "unknown" | "not_now";
  /** What the order is made of; the reasons' points add up to it. */
  minutes: number;
  distance_m: number | null;
  /** The way alone, along the straight line; only from a position that counts. */
  way_min: number | null;
  stale: boolean;
  nearest: boolean;
  placed_at: string | null;
  accuracy_m: number | null;
  reasons: Reason[];
}

export interface Recommendation {
  incident: string;
  at: string;
  /** By what the incident's place is known. */
  place_from: "point" | "reports" | "area" | null;
  /** The first fifty; `of` so many. */
  suggestions: Suggestion[];
  of: number;
  missing: { skills: { code: string; name: string }[]; equipment: { code: string; name: string }[] };
}

/** Those who can be asked with one press. */
export const askable = (s: Suggestion): boolean => s.standing !== "not_now";

/** A task of this incident that his agency has and nobody does: it is given to him instead of a second one. */
export function waitingTask(board: Board, incident: string, agency: string): Task | null {
  const own = [...board.tasks.values()].filter((t) => t.incident === incident && t.agency === agency);
  return own.find((t) => t.state === "given" && t.officer === null && t.offered_to === null) ?? null;
}

/** What in the board changes the answer: states, work and positions of officers, to the minute. */
export function stampOf(board: Board, incident: string, now: number): string {
  const units = [...board.units.values()].map((u) => `${u.id}${u.version}${u.state}${u.busy_with ?? ""}`);
  return `${board.incidents.get(incident)?.version ?? 0} ${board.incidents.get(incident)?.reports ?? 0} ${Math.floor(now / 15_000)} ${units.join()}`;
}
