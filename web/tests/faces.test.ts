/** What the faces share: read-back choices, distances, who comes first for an order, where names go on a map. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ActionName, AreaName } from "../src/core/boot.ts";
import { Names } from "../src/core/boot.ts";
import type { Boot } from "../src/core/boot.ts";
import { boardFromWire } from "../src/core/fold.ts";
import { addressees, preselected } from "../src/faces/addressees.ts";
import { FRESH_MS, medoid, reportedPoints, spotOf } from "../src/faces/near.ts";
import { actionChoices, areaChoices, minuteChoices, shuffled } from "../src/faces/alternatives.ts";
import { look, metres, paths, plane, whole } from "../src/faces/geo.ts";
import { overlaps, placeLabels, spread, tie } from "../src/core/labels.ts";
import { needs, total } from "../src/faces/needs.ts";

const areas: AreaName[] = "ABCDEFGH".split("").map((code, i) => ({ code, name: code, district: "", lat: -8, lon: 112 + i / 100 }));
const actions: ActionName[] = [
  { code: "a", name: "a", near: ["b", "c"] },
  ..."bcdef".split("").map((code) => ({ code, name: code, near: [] })),
];
const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });

describe("a read-back's choices", () => {
  test("hold the right one once, among others, whatever chance says", () => {
    fc.assert(
      fc.property(fc.constantFrom(...areas.map((a) => a.code)), random, (said, r) => {
        const found = areaChoices(areas, said, () => r);
        expect(found.filter((c) => c === said)).toHaveLength(1);
        expect(new Set(found).size).toBe(4);
      }),
    );
  });

  test("are the nearest areas and the actions that sound alike", () => {
    expect(new Set(areaChoices(areas, "A", Math.random))).toEqual(new Set(["A", "B", "C", "D"]));
    const found = actionChoices(actions, "a", Math.random);
    expect(found).toEqual(expect.arrayContaining(["a", "b", "c"]));
    expect(found).toHaveLength(4);
  });

  test("an order whose area this phone does not know can be read back all the same", () => {
    expect(areaChoices(areas, "unknown", Math.random)).toContain("unknown");
  });

  test("minutes stand in ascending order around the right one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), (said) => {
        const found = minuteChoices(said);
        expect(found).toContain(said);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        expect(found).toHaveLength(4);
      }),
    );
  });

  test("the place of the right one is not always the same", () => {
    const spots = new Set(Array.from({ length: 200 }, () => areaChoices(areas, "D", Math.random).indexOf("D")));
    expect(spots.size).toBe(4);
    fc.assert(fc.property(fc.array(fc.integer()), random, (items, r) => {
      expect(shuffled(items, () => r).sort()).toEqual([...items].sort());
    }));
  });
});

describe("distance and plane", () => {
  test("a hundredth of a degree to the north is 1.1 km", () => {
    expect(metres({ lat: -8.1, lon: 112.16 }, { lat: -8.09, lon: 112.16 })).toBeCloseTo(1113.2, 0);
  });

  test("the plane keeps distances, and the whole of it is in the window", () => {
    const [a, b] = [{ lat: -8.13, lon: 112.14 }, { lat: -8.06, lon: 112.2 }];
    const on = plane([a, b]);
    const drawn = Math.hypot(on.x(b.lon) - on.x(a.lon), on.y(b.lat) - on.y(a.lat));
    expect(drawn / metres(a, b)).toBeCloseTo(1, 3);
    const { scale, box } = look(on, whole(on), 360, 600, 200);
    expect(box[0]).toBeLessThan(0);
    expect(box[0] + box[2]).toBeGreaterThan(on.width);
    expect((on.height - box[1]) * scale).toBeLessThan(400);
  });

  test("outlines with a hole and with two parts become one path", () => {
    const ring = (d: number) => [[112, -8], [112 + d, -8], [112 + d, -8 - d], [112, -8]];
    const shape = (coordinates: unknown, type: string, code: string) => ({ type: "Feature", properties: { code }, geometry: { type, coordinates } });
    const outlines = { type: "FeatureCollection", features: [shape([ring(0.1), ring(0.01)], "Polygon", "A"), shape([[ring(0.1)], [ring(0.02)]], "MultiPolygon", "B")] };
    const found = paths(outlines as never, plane([{ lat: -8.1, lon: 112 }, { lat: -8, lon: 112.1 }]));
    expect([...found.values()].map((d) => d.split("M").length - 1)).toEqual([2, 2]);
  });
});

test("names on the map: those that must stand do, the others never cover anything", () => {
  const wish = fc.record({ x: fc.integer({ max: 300, min: 0 }), y: fc.integer({ max: 300, min: 0 }), must: fc.boolean() });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 20 }), (raw) => {
      const wishes = raw.map((w, i) => ({ ...w, id: String(i), w: 60, h: 16 }));
      const taken = [{ x: 150, y: 150, w: 30, h: 30 }];
      const placed = placeLabels(wishes, taken);
      for (const w of wishes) expect(!w.must || placed.has(w.id)).toBe(true);
      const boxes = [...taken];
      for (const w of wishes) {
        const at = placed.get(w.id);
        if (!at) continue;
        const box = { ...w, x: w.x + at.dx, y: w.y + at.dy };
        if (!w.must) for (const other of boxes) expect(overlaps(box, other)).toBe(false);
        boxes.push(box);
      }
    }),
  );
});

test("a name stands beside its own point, never on its neighbour's, and its line ends at its edge", () => {
  const wish = (id: string, x: number) => ({ id, x, y: 0, w: 100, h: 16, must: true });
  // the sign of an incident on A, and one above and below that leave only the sides
  const taken = [{ x: 100, y: 0, w: 40, h: 40 }, { x: 100, y: -32, w: 8, h: 16 }, { x: 100, y: 32, w: 8, h: 16 }];
  const placed = placeLabels([wish("A", 100), wish("B", 160)], taken);
  expect(placed.get("A")!.dx).toBeLessThan(0);
  expect(placed.get("B")!.dx).toBeGreaterThanOrEqual(0);
  expect(tie({ w: 100, h: 16 }, { dx: -70, dy: 0 })).toEqual({ x: 50, y: 0 });
});

test("circles on one point stand side by side, and the first stays", () => {
  const circle = fc.record({ x: fc.integer({ min: 0, max: 60 }), y: fc.integer({ min: 0, max: 60 }), r: fc.integer({ min: 8, max: 16 }) });
  fc.assert(
    fc.property(fc.array(circle, { minLength: 1, maxLength: 15 }), (circles) => {
      const moved = circles.map((c, i) => ({ ...c, x: c.x + spread(circles)[i]! }));
      expect(moved[0]).toEqual(circles[0]);
      moved.forEach((a, i) => moved.slice(i + 1).forEach((b) => expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(a.r + b.r - 1e-6)));
    }),
  );
});

const NOW = Date.parse("2026-01-01T10:00:00Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const city = {
  areas, actions, groups: [], dispositions: [], urgencies: [], phones: [], people: [],
  categories: [{ code: "flood", name: "", group: "", agency: "bpbd", flood: true, actions: [] }],
  agencies: [{ code: "bpbd", name: "", short: "BPBD", partner: false }],
  statuses: [{ key: "free", name: "", free: true, by_task: false, calls: false }],
} as unknown as Boot["city"];
const at = (lon: number | null) => ({ area: "A", rw: null, rt: null, lat: lon === null ? null : -8, lon, accuracy_m: null, how: null, words: null, outside: false });
const unit = (id: string, more: object) => ({ id, state: "free", version: 1, place: at(112.01), since: null, name: id, agency: "dlh", seen_at: ago(0), placed_at: ago(0), busy_with: null, alarms: [], ...more });
const incident = { id: "i1", state: "open", place: at(112), category: "flood", flood: true, people: 1, officers: [], tasks: [] };
const task = (id: string, officer: string | null, state: string) => ({ id, state, incident: "i1", officer, since: ago(0), agency: "dlh", offered_to: null });

describe("to whom", () => {
  const units = [
    unit("far", { place: at(112.05) }), unit("near", {}), unit("old", { placed_at: ago(FRESH_MS + 1) }),
    unit("on", { busy_with: "t1", state: "x" }), unit("busy", { busy_with: "t2", state: "x" }), unit("hurt", { alarms: [{ kind: "emergency" }] }), unit("untold", { state: "unknown" }), unit("nowhere", { seen_at: null, placed_at: null, place: at(null) }),
  ];
  const board = boardFromWire({ units, incidents: [incident], tasks: [task("t1", "on", "on_scene")] } as never);
  const found = addressees(board, incident as never, new Names(city), NOW, "id");

  test("who is on it, then who is free and near, then the rest", () => {
    expect(found.map((a) => a.unit.id)).toEqual(["on", "near", "far", "nowhere", "old", "untold", "busy", "hurt"]);
  });

  test("nobody is chosen beforehand whom the rule would not ask", () => {
    const only = (id: string) => preselected(found.filter((a) => a.unit.id === id));
    expect(["on", "near", "untold", "busy", "hurt"].map(only)).toEqual(["on", "near", null, null, null]);
    expect(preselected([])).toBeNull();
  });

  test("who has not told his status is not called unavailable", () => {
    expect(found.find((a) => a.unit.id === "untold")!.why[0]!.key).toBe("staff.why.untold");
  });

  test("an old position is not used for «nearest», and says so", () => {
    const old = found.find((a) => a.unit.id === "old")!;
    expect(old.metres).toBeNull();
    expect(old.why.map((w) => w.key)).toContain("staff.why.old_position");
  });
});

describe("where an incident is", () => {
  const report = (id: string, lon: number, more: object = {}) => ({ id, incident: "i1", place: { ...at(lon), ...more } });
  const nowhere = { ...at(null) } as never;
  const names = new Names(city);

  test("where most of its reports were made; one from the other end of town does not move it", () => {
    const board = boardFromWire({ reports: [report("a", 112.01), report("b", 112.0101), report("c", 112.05)] } as never);
    const spot = spotOf(nowhere, reportedPoints(board).get("i1")!, names)!;
    expect([spot.exact, spot.lon.toFixed(3)]).toEqual([true, "112.010"]);
  });

  test("without a point it is the middle of its area, and says that this is not exact", () => {
    const board = boardFromWire({ reports: [report("a", 112.01, { outside: true })] } as never);
    expect(spotOf(nowhere, reportedPoints(board).get("i1") ?? [], names)).toEqual({ lat: -8, lon: 112, exact: false });
    expect(medoid([])).toBeNull();
  });
});

describe("what waits for the leader", () => {
  const order = (id: string, state: string, more: object = {}) => ({ id, state, from: "me", to: "x", incident: "i1", since: ago(0), state_at: ago(0), steps: [], overdue: [], waits: null, due_at: ago(-60), ...more });
  const area = (id: string, state: string) => ({ id, state, since: ago(0), reports: 1 });
  const wet = { ...incident, place: at(112) };

  test("read-backs, what was refused, floods with nobody, unread orders, finished work", () => {
    const found = needs(boardFromWire({
      orders: [order("o1", "read_back"), order("o2", "seen"), order("o3", "accepted"), order("o4", "read_back", { from: "other" })],
      areas: [area("A", "confirmed"), area("B", "suspected")], incidents: [wet], tasks: [task("t1", "x", "done")], units: [],
    } as never), "me", NOW);
    expect(found.confirm.map((o) => o.id)).toEqual(["o1"]);
    expect(found.unread.map((o) => o.id)).toEqual(["o2"]);
    expect(found.uncovered.map((a) => a.id)).toEqual(["A"]);
    expect(found.check.map((t) => t.id)).toEqual(["t1"]);
    expect(total(found)).toBe(4);
  });

  test("a flood with an officer on it does not wait; a refusal does until there is another order", () => {
    const board = { areas: [area("A", "declared")], incidents: [wet], units: [unit("x", {})], tasks: [task("t1", "x", "en_route")] };
    expect(needs(boardFromWire(board as never), "me", NOW).uncovered).toEqual([]);
    const said = (orders: object[]) => needs(boardFromWire({ ...board, orders } as never), "me", NOW).refused.length;
    expect(said([order("o1", "refused")])).toBe(1);
    expect(said([order("o1", "refused"), order("o2", "sent", { since: ago(1) })])).toBe(1);
    expect(said([order("o1", "refused"), order("o2", "sent", { since: ago(-1) })])).toBe(0);
    expect(said([order("o1", "expired")])).toBe(1);
  });
});
