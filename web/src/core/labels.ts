/**
 * Where the names on a small map go. Greedy, in the order given: the first side of its point that is free, else the
 * first side all the same if the name must stand, else nowhere. A name never takes the point of another that must stand:
 * there it would be read as that one's.
 */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}
export interface Wish {
  id: string;
  /** The point, in pixels. */
  x: number;
  y: number;
  w: number;
  h: number;
  /** A name that matters stands even where it covers another. */
  must: boolean;
}
/** The middle of a placed name, in pixels from its point. */
export interface Placed {
  dx: number;
  dy: number;
}

const GAP_PX = 4;
/** So much about its point belongs to each name that must stand. */
const POINT_PX = 14;
/** A name that stands farther from its point than this is tied to it by a line. */
export const TIED_PX = 24;

export function overlaps(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) * 2 < a.w + b.w && Math.abs(a.y - b.y) * 2 < a.h + b.h;
}

/**
 * Boxes are given by their middle. `taken`: what stands already (circles, units). `window`: what is seen of the map; a name
 * whose point is seen is not cut at its edge.
 */
export function placeLabels(wishes: readonly Wish[], taken: readonly Box[], window: Box | null = null): Map<string, Placed> {
  const boxes = [...taken];
  const placed = new Map<string, Placed>();
  const points = wishes.filter((w) => w.must).map((w) => ({ id: w.id, x: w.x, y: w.y, w: POINT_PX, h: POINT_PX }));
  for (const wish of wishes) {
    const sides = around(wish, taken).map((side) => inside(wish, side, window));
    const others = points.filter((p) => p.id !== wish.id);
    const free = sides.find((s) => ![...boxes, ...others].some((b) => overlaps(b, { ...wish, x: wish.x + s.dx, y: wish.y + s.dy })));
    const side = free ?? (wish.must ? sides[0] : undefined);
    if (!side) continue;
    placed.set(wish.id, side);
    boxes.push({ ...wish, x: wish.x + side.dx, y: wish.y + side.dy });
  }
  return placed;
}

/** Where the line of a name ends: the spot of its box that is nearest to its point, seen from the box's middle. */
export function tie({ w, h }: Pick<Wish, "w" | "h">, { dx, dy }: Placed): { x: number; y: number } {
  const within = (v: number, half: number) => Math.max(-half, Math.min(half, v));
  return { x: within(0 - dx, w / 2), y: within(0 - dy, h / 2) };
}

/** The same side, but no farther out than the window's edge. */
function inside(wish: Wish, { dx, dy }: Placed, window: Box | null): Placed {
  if (!window || !overlaps(window, { ...wish, w: 0, h: 0 })) return { dx, dy };
  const within = (at: number, middle: number, room: number) => Math.max(middle - room / 2, Math.min(middle + room / 2, at));
  return {
    dx: within(wish.x + dx, window.x, Math.max(0, window.w - wish.w)) - wish.x,
    dy: within(wish.y + dy, window.y, Math.max(0, window.h - wish.h)) - wish.y,
  };
}

/** On the point itself; above or below what stands on it; to its right and left; at the corners. */
function around(wish: Wish, taken: readonly Box[]): Placed[] {
  const on = taken.filter((b) => overlaps(b, wish));
  const up = Math.min(0, ...on.map((b) => b.y - b.h / 2 - wish.y)) - wish.h / 2 - GAP_PX;
  const down = Math.max(0, ...on.map((b) => b.y + b.h / 2 - wish.y)) + wish.h / 2 + GAP_PX;
  const right = Math.max(0, ...on.map((b) => b.x + b.w / 2 - wish.x)) + wish.w / 2 + GAP_PX;
  const left = Math.min(0, ...on.map((b) => b.x - b.w / 2 - wish.x)) - wish.w / 2 - GAP_PX;
  const beside = wish.must ? [0, up, down].flatMap((dy) => [{ dx: right, dy }, { dx: left, dy }]) : [];
  return [{ dx: 0, dy: 0 }, { dx: 0, dy: up }, { dx: 0, dy: down }, ...beside];
}

export interface Circle {
  x: number;
  y: number;
  r: number;
}

/** Circles on nearly the same point, side by side: the first stays where it is, later ones move to the right. Pixels. */
export function spread(circles: readonly Circle[], gap = 2): number[] {
  const placed: Circle[] = [];
  return circles.map((circle) => {
    let x = circle.x;
    const hits = (p: Circle) => Math.hypot(p.x - x, p.y - circle.y) < p.r + circle.r;
    for (let hit = placed.find(hits); hit; hit = placed.find(hits)) {
      const reach = hit.r + circle.r + gap;
      x = hit.x + Math.sqrt(Math.max(1, reach ** 2 - (hit.y - circle.y) ** 2));
    }
    placed.push({ ...circle, x });
    return x - circle.x;
  });
}
