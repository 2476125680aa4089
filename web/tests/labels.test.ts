import { expect, test } from "vitest";
import { placeLabels, tie } from "../src/faces/labels.ts";

test("a name stands beside its own point, never on its neighbour's, and its line ends at its edge", () => {
  const wish = (id: string, x: number) => ({ id, x, y: 0, w: 100, h: 16, must: true });
  // the sign of an incident on A, and one above and below that leave only the sides
  const taken = [{ x: 100, y: 0, w: 40, h: 40 }, { x: 100, y: -32, w: 8, h: 16 }, { x: 100, y: 32, w: 8, h: 16 }];
  const placed = placeLabels([wish("A", 100), wish("B", 160)], taken);
  expect(placed.get("A")!.dx).toBeLessThan(0);
  expect(placed.get("B")!.dx).toBeGreaterThanOrEqual(0);
  expect(tie({ w: 100, h: 16 }, { dx: -70, dy: 4 })).toEqual({ x: 50, y: -4 });
});
