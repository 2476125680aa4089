/**
 * What a read-back is chosen from: the order's own words among near ones, in no order that gives them away.
 * Nothing is pre-selected; a form filled in with the order's own words is an acknowledgement and no read-back.
 */
import type { ActionName, AreaName } from "../core/boot.ts";
import { metres } from "./geo.ts";

const MINUTES: readonly number[] = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240];
/** The right one and three near ones: few enough to read in the rain. */
const CHOICES = 4;

/** Fisher and Yates. `random`: 0 ≤ r < 1. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

export function areaChoices(areas: readonly AreaName[], said: string, random: () => number): string[] {
  const home = areas.find((a) => a.code === said);
  const near = home
    ? areas.filter((a) => a.code !== said).sort((a, b) => metres(home, a) - metres(home, b))
    : shuffled(areas, random);
  return shuffled([said, ...near.slice(0, CHOICES - 1).map((a) => a.code)], random);
}

export function actionChoices(actions: readonly ActionName[], said: string, random: () => number): string[] {
  const near = actions.find((a) => a.code === said)?.near ?? [];
  const others = actions.map((a) => a.code).filter((code) => code !== said && !near.includes(code));
  const picked = [...near.filter((code) => actions.some((a) => a.code === code)), ...shuffled(others, random)];
  return shuffled([said, ...picked.slice(0, CHOICES - 1)], random);
}

/** Ascending, as people read times; the right one's neighbours on both sides where there are any. */
export function minuteChoices(said: number): number[] {
  const others = MINUTES.filter((m) => m !== said).sort((a, b) => Math.abs(a - said) - Math.abs(b - said) || a - b);
  return [said, ...others.slice(0, CHOICES - 1)].sort((a, b) => a - b);
}
