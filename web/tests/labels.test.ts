import { expect, test } from "vitest";
import { placeLabels, tie } from "../src/core/labels.ts";

test("a name stands beside its own point, never on its neighbour's, and its line ends at its edge", () => {
  const wish = (id: string, x: number) => ({ id, x, y: 0, w: 100, h: 16, must: true });
  // the sign of an incident on A, and one above and below that leave only the sides
  const taken = [{ x: 100, y: 0, w: 40, h: 40 }, { x: 100, y: -32, w: 8, h: 16 }, { x: 100, y: 32, w: 8, h: 16 }];
  const placed = placeLabels([wish("A", 100), wish("B", 160)], taken);
  expect(placed.get("A")!.dx).toBeLessThan(0);
  expect(placed.get("B")!.dx).toBeGreaterThanOrEqual(0);
  expect(tie({ w: 100, h: 16 }, { dx: -70, dy: 4 })).toEqual({ x: 50, y: -4 });
});

test("a name at the window's edge is moved into it, and one whose point is not seen stays where it is", () => {
  const wish = (id: string, x: number) => ({ id, x, y: 50, w: 100, h: 16, must: true });
  const window = { x: 100, y: 50, w: 200, h: 100 };
  const placed = placeLabels([wish("edge", 190), wish("away", 260)], [], window);
  const end = 190 + placed.get("edge")!.dx + 50;
  expect(end).toBeLessThanOrEqual(200);
  expect(placed.get("away")).toEqual({ dx: 0, dy: 0 });
});
