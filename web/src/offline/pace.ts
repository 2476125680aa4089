/**
 * How often an officer's phone says where it is: every few seconds while he moves, rarely while he stands, and only what
 * is worth telling. Pure; `duty.svelte.ts` turns it with a real clock.
 */
export interface Reading {
  lat: number;
  lon: number;
  accuracy_m: number;
  /** ms of this phone's clock */
  at: number;
}

export interface Told {
  lat: number;
  lon: number;
  accuracy_m: number;
  device_at: string;
  battery?: number;
  signal?: string;
}

/** A man on foot in this time goes as far as his phone is exact. */
export const MOVING_MS = 5_000;
/** Well under the three minutes after which nobody is «nearest» any more. */
export const STILL_MS = 60_000;
/** Farther than this, beyond what both readings may be wrong, is moving. */
const MOVED_M = 15;
/** Together in one request: the radio wakes once for them. */
export const BATCH_MS = 10_000;
/** The server's limit for one request, and what is kept without a line: the newest. */
export const KEPT_MOST = 500;

const DEGREE_M = 111_320;

export function metres(a: Reading, b: Reading): number {
  const squeeze = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot((a.lat - b.lat) * DEGREE_M, (a.lon - b.lon) * DEGREE_M * squeeze);
}

export function moved(from: Reading, to: Reading): boolean {
  return metres(from, to) > Math.max(MOVED_M, Math.min(from.accuracy_m, to.accuracy_m));
}

/** Is this reading to be told, after the last one that was? */
export function worth(last: Reading | null, reading: Reading): boolean {
  if (last === null) return true;
  const passed = reading.at - last.at;
  return passed >= STILL_MS || (passed >= MOVING_MS && moved(last, reading));
}

/** The newest of what is kept; on a long way without a line every second older one goes, so that the way stays whole. */
export function kept(all: readonly Told[], most = KEPT_MOST): Told[] {
  if (all.length <= most) return [...all];
  const newest = all.slice(-Math.floor(most / 2));
  const older = all.slice(0, -newest.length).filter((_, i) => i % 2 === 0);
  return kept([...older, ...newest], most);
}
