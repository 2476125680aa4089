/** What may be wrong with an officer, as a screen tells it: alarms in order, and how it stands with a word that is due. */
import type { Alarm, Board, Place, Unit } from "./types.ts";

export interface Ringing {
  unit: Unit;
  alarm: Alarm;
  /** Where he said he was, else where he was last seen. */
  place: Place;
  placed_at: string | null;
}

/** Emergencies first, inside each the oldest: whoever has waited longest. */
export function ringing(board: Board): Ringing[] {
  const found = [...board.units.values()].flatMap((unit) =>
    unit.alarms.map((alarm): Ringing => {
      const own = alarm.place !== null && (unit.placed_at === null || alarm.placed_at === null || alarm.placed_at >= unit.placed_at);
      return { unit, alarm, place: own ? alarm.place! : unit.place, placed_at: own ? (alarm.placed_at ?? alarm.at) : unit.placed_at };
    }),
  );
  const rank = (r: Ringing) => (r.alarm.kind === "emergency" ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || (a.alarm.at < b.alarm.at ? -1 : 1));
}

export const unanswered = (rows: readonly Ringing[]): Ringing[] => rows.filter((r) => r.alarm.acknowledged_by === null);

export type Word = "green" | "amber" | "red";

/** Green until a word is due, amber while it is awaited, red when it did not come. */
export function wordOf(unit: Unit, now: number): Word | null {
  const watch = unit.watch;
  if (!watch) return null;
  if (watch.missed || now >= Date.parse(watch.late_at)) return "red";
  return now >= Date.parse(watch.due_at) ? "amber" : "green";
}

/** Those who are watched, the most pressing first. */
export function watched(board: Board): Unit[] {
  const due = (u: Unit) => Date.parse(u.watch!.due_at);
  return [...board.units.values()].filter((u) => u.watch !== null).sort((a, b) => due(a) - due(b));
}

/** «4:05», and «0:00» when it is over. */
export function countdown(until: string, now: number): string {
  const s = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}
