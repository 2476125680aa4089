import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEPT_MOST, MOVING_MS, STILL_MS, kept, metres, moved, worth } from "../src/offline/pace.ts";
import { wayTo } from "../src/faces/way.ts";
import type { Told } from "../src/offline/pace.ts";

const at = (ms: number, lat = -8.1, accuracy_m = 8) => ({ lat, lon: 112.16, accuracy_m, at: ms });

describe("how often a position is told", () => {
  test("the first at once; while he moves every few seconds; while he stands rarely", () => {
    expect(worth(null, at(0))).toBe(true);
    expect(worth(at(0), at(MOVING_MS, -8.101))).toBe(true);
    expect(worth(at(0), at(MOVING_MS - 1, -8.101))).toBe(false);
    expect(worth(at(0), at(STILL_MS - 1))).toBe(false);
    expect(worth(at(0), at(STILL_MS))).toBe(true);
  });

  test("a reading that wobbles within what it may be wrong is not moving", () => {
    expect(metres(at(0), at(0, -8.1009))).toBeCloseTo(100, 0);
    expect(moved(at(0, -8.1, 150), at(0, -8.1009, 150))).toBe(false);
    expect(moved(at(0), at(0, -8.1009))).toBe(true);
  });

  test("without a line the way stays whole: never more than the server takes, the newest all, the first still there", () => {
    const way = (n: number): Told[] => Array.from({ length: n }, (_, i) => ({ lat: i, lon: 0, accuracy_m: 1, device_at: String(i) }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (n) => {
        const left = kept(way(n));
        expect(left.length).toBeLessThanOrEqual(KEPT_MOST);
        expect(left.at(-1)!.lat).toBe(n - 1);
        expect(left[0]!.lat).toBe(0);
        expect(left.map((t) => t.lat)).toEqual(left.map((t) => t.lat).sort((a, b) => a - b));
      }),
    );
  });
});

test.each([
  ["Mozilla/5.0 (Linux; Android 10; K)", "geo:-8.1,112.2?q=-8.1,112.2"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "maps:?daddr=-8.1,112.2&dirflg=d"],
  ["Mozilla/5.0 (X11; Linux x86_64)", "https://www.openstreetmap.org/?mlat=-8.1&mlon=112.2#map=18/-8.1/112.2"],
])("the way is asked of %s in its own words", (agent, link) => void expect(wayTo({ lat: -8.1, lon: 112.2 }, agent)).toBe(link));
