/** What `GET /api/v1/incidents/<id>/similar` answers, beside what the board shows. */
import { openIncidents } from "./select.ts";
import type { Board, Incident, Reason } from "./types.ts";

export interface Alike {
  id: string;
  /** 0..1 */
  score: number;
  /** Reaches the city's threshold. */
  suggested: boolean;
  reasons: Reason[];
}

export interface Candidate {
  incident: Incident;
  alike: Alike | null;
}

const RUNNING: ReadonlySet<string> = new Set(["open", "in_progress"]);

/** All that this one could be merged with: the likely ones first, as the server ranks them; then the others as the board does. */
export function candidates(board: Board, self: string, found: readonly Alike[]): Candidate[] {
  const others = openIncidents(board).filter((i) => i.id !== self && RUNNING.has(i.state));
  const byId = new Map(others.map((i) => [i.id, i]));
  const likely = found.flatMap((alike) => (byId.has(alike.id) ? [{ incident: byId.get(alike.id)!, alike }] : []));
  const told = new Set(likely.map((c) => c.incident.id));
  return [...likely, ...others.filter((i) => !told.has(i.id)).map((incident) => ({ incident, alike: null }))];
}

/** The incident that may be the same with the best reasons, while it is there. */
export function likeliest(board: Board, self: string, found: readonly Alike[]): Candidate | null {
  const first = candidates(board, self, found)[0];
  return first?.alike?.suggested ? first : null;
}
