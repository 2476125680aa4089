/**
 * Where the names on a small map go. Greedy, in the order given: the first side of its point that is free, else the
 * first side all the same if the name must stand, else nowhere.
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

export function overlaps(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) * 2 < a.w + b.w && Math.abs(a.y - b.y) * 2 < a.h + b.h;
}

/** Boxes are given by their middle. `taken`: what stands already (circles, units). */
export function placeLabels(wishes: readonly Wish[], taken: readonly Box[]): Map<string, Placed> {
  const boxes = [...taken];
  const placed = new Map<string, Placed>();
  for (const wish of wishes) {
    const sides = around(wish, taken);
    const free = sides.find((s) => !boxes.some((b) => overlaps(b, { ...wish, x: wish.x + s.dx, y: wish.y + s.dy })));
    const side = free ?? (wish.must ? sides[0] : undefined);
    if (!side) continue;
    placed.set(wish.id, side);
    boxes.push({ ...wish, x: wish.x + side.dx, y: wish.y + side.dy });
  }
  return placed;
}

/** On the point itself; above or below what stands on it; to its right and left. */
function around(wish: Wish, taken: readonly Box[]): Placed[] {
  const on = taken.filter((b) => overlaps(b, wish));
  const up = Math.min(0, ...on.map((b) => b.y - b.h / 2 - wish.y)) - wish.h / 2 - GAP_PX;
  const down = Math.max(0, ...on.map((b) => b.y + b.h / 2 - wish.y)) + wish.h / 2 + GAP_PX;
  const right = Math.max(0, ...on.map((b) => b.x + b.w / 2 - wish.x)) + wish.w / 2 + GAP_PX;
  const left = Math.min(0, ...on.map((b) => b.x - b.w / 2 - wish.x)) - wish.w / 2 - GAP_PX;
  const beside = wish.must ? [{ dx: right, dy: 0 }, { dx: left, dy: 0 }] : [];
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
