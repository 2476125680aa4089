/**
 * Ages and clock times. Everything inside is UTC milliseconds; the city's zone appears only in the words.
 * A phone's clock may be three hours off, so "now" is the phone's clock plus the skew learnt from the server.
 */
export type Unit = "now" | "minute" | "hour" | "day";

/** An age as a number and its unit, rounded down: 119 s is «1 mnt». A time in the near future is "now". */
export function age(sinceMs: number, nowMs: number): { unit: Unit; n: number } {
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  if (seconds < 60) return { unit: "now", n: 0 };
  if (seconds < 3600) return { unit: "minute", n: Math.floor(seconds / 60) };
  if (seconds < 86_400) return { unit: "hour", n: Math.floor(seconds / 3600) };
  return { unit: "day", n: Math.floor(seconds / 86_400) };
}

/** Milliseconds until the words of an age would change: a page sleeps exactly that long. */
export function nextChange(sinceMs: number, nowMs: number): number {
  const passed = Math.max(0, nowMs - sinceMs);
  const step = passed < 3_600_000 ? 60_000 : passed < 86_400_000 ? 3_600_000 : 86_400_000;
  return step - (passed % step);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, kind: "minute" | "second" | "date"): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  const known = formats.get(key);
  if (known) return known;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const parts = {
    minute: clock,
    second: { ...clock, second: "2-digit" },
    date: { day: "numeric", month: "numeric", ...clock },
  } as const;
  const made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...parts[kind] });
  formats.set(key, made);
  return made;
}

/** «14:03» in the city's zone. */
export function clock(ms: number, zone: string): string {
  return format(zone, "minute").format(ms);
}

/** «14:03:22» in the city's zone. */
export function clockSeconds(ms: number, zone: string): string {
  return format(zone, "second").format(ms);
}

/** «24/11, 14:03» in the city's zone. */
export function dateClock(ms: number, zone: string): string {
  return format(zone, "date").format(ms);
}

/** Server's clock minus ours, in ms. One network delay of error is fine: ages are in minutes. */
export function skew(serverAt: string | undefined, nowMs: number): number | null {
  const server = serverAt === undefined ? Number.NaN : Date.parse(serverAt);
  return Number.isNaN(server) ? null : server - nowMs;
}
