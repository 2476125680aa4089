/** Readings (where an officer is) come beside the facts, without a position of their own: the newest one counts. */
import type { Board, Place, Unit } from "./types.ts";

export interface UnitReading {
  key: string;
  id: string;
  place: Place;
  /** The server's time: of the position, which may be older than the last key he pressed. */
  placed_at: string;
  battery?: number | null;
  signal?: string | null;
}

function isUnit(reading: unknown): reading is UnitReading {
  const r = reading as UnitReading | null;
  return typeof r?.key === "string" && r.key.startsWith("unit/") && typeof r.placed_at === "string" && typeof r.place === "object";
}

function newer(reading: UnitReading, unit: Unit): boolean {
  return unit.placed_at === null || Date.parse(reading.placed_at) > Date.parse(unit.placed_at);
}

/** The board with the units where they were last heard; the same board where no reading is news. */
export function located(board: Board, readings: ReadonlyMap<string, unknown>): Board {
  let units: Map<string, Unit> | null = null;
  for (const reading of readings.values()) {
    if (!isUnit(reading)) continue;
    const unit = board.units.get(reading.id);
    if (!unit || !newer(reading, unit)) continue;
    units ??= new Map(board.units);
    const heard = unit.seen_at !== null && Date.parse(unit.seen_at) > Date.parse(reading.placed_at);
    units.set(unit.id, { ...unit, place: reading.place, placed_at: reading.placed_at, seen_at: heard ? unit.seen_at : reading.placed_at, battery: reading.battery ?? null, signal: reading.signal ?? null });
  }
  return units ? { ...board, units } : board;
}
