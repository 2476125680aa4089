/** What covers a photo while it is being covered: boxes and brush strokes, each step undoable. Pure. */
import type { Box, Stroke } from "../../actions/report/cover.ts";

export type Shape = { kind: "box"; box: Box } | { kind: "stroke"; stroke: Stroke };

/** A touch that hardly moves is no box. */
const LEAST = 0.01;
export const STEP = 0.02;

const part = (n: number): number => Math.min(1, Math.max(0, n));
const round = (n: number): number => Math.round(part(n) * 10_000) / 10_000;

/** The rectangle between two points, inside the picture; null when it is too small to be meant. */
export function boxOf(a: [number, number], b: [number, number]): Box | null {
  const [x, y] = [Math.min(part(a[0]), part(b[0])), Math.min(part(a[1]), part(b[1]))];
  const [w, h] = [Math.abs(part(a[0]) - part(b[0])), Math.abs(part(a[1]) - part(b[1]))];
  return w < LEAST || h < LEAST ? null : { x: round(x), y: round(y), w: round(w), h: round(h) };
}

export const middle = (): Box => ({ x: 0.4, y: 0.4, w: 0.2, h: 0.2 });

/** Moved, or with `grow` made bigger or smaller; it never leaves the picture. */
export function nudged(box: Box, dx: number, dy: number, grow: boolean): Box {
  if (grow) return { ...box, w: round(Math.min(1 - box.x, Math.max(STEP, box.w + dx))), h: round(Math.min(1 - box.y, Math.max(STEP, box.h + dy))) };
  return { ...box, x: round(Math.min(1 - box.w, Math.max(0, box.x + dx))), y: round(Math.min(1 - box.h, Math.max(0, box.y + dy))) };
}

/** A brush's points, thinned: a hand draws hundreds. */
export function strokeOf(points: [number, number][], r: number): Stroke {
  const kept = points.filter((_, i) => i === 0 || i === points.length - 1 || i % 2 === 0).slice(0, 500);
  return { points: kept.map(([x, y]): [number, number] => [round(x), round(y)]), r };
}

export function covers(shapes: readonly Shape[]): { boxes: Box[]; strokes: Stroke[] } {
  return {
    boxes: shapes.flatMap((s) => (s.kind === "box" ? [s.box] : [])),
    strokes: shapes.flatMap((s) => (s.kind === "stroke" ? [s.stroke] : [])),
  };
}
