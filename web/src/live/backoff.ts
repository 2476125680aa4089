/** Full jitter: anywhere between nothing and the doubled delay, so that a city of phones does not return in one second. */
export function fullJitter(attempt: number, random: number, firstMs = 500, mostMs = 30_000): number {
  return random * Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 16));
}

/** Time and chance, as arguments: tests turn the clock by hand. */
export interface Timers {
  now(): number;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
  },
  random: () => Math.random(),
};
