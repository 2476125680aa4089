import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boardFromWire } from "../src/core/fold.ts";
import { boxOf, metres, pathOf, projection } from "../src/core/geo.ts";
import type { Areas } from "../src/core/geo.ts";
import { diff, empty } from "../src/map/diff.ts";
import type { Diff } from "../src/map/diff.ts";
import { incidentMarkers, unitMarkers } from "../src/map/features.ts";
import type { Marker, Markers } from "../src/map/features.ts";
import { signs } from "../src/map/shapes.ts";
import { flavourFrom, style } from "../src/map/style.ts";

const css = readFileSync(new URL("../src/ui/css/tokens.css", import.meta.url), "utf8");
const light = (token: string) => new RegExp(`${token}:\\s*(#[0-9a-f]{6})`).exec(css)?.[1] ?? "";
const flavour = flavourFrom(light, false);

describe("style", () => {
  test("every colour of the flavour stands in the tokens", () => {
    for (const value of Object.values(flavour)) expect(typeof value !== "string" || /^#[0-9a-f]{6}$/.test(String(value))).toBe(true);
  });

  test("valid by MapLibre's own specification, and asks for no fonts, sprites or tiles from anywhere", () => {
    const made = style(flavour);
    expect(validateStyleMin(JSON.parse(JSON.stringify(made)))).toEqual([]);
    expect(JSON.stringify(made)).not.toMatch(/https?:|glyphs|sprite/);
  });

  test("the same flavour, the same style; another ink, another style", () => {
    expect(style(flavour)).toEqual(style({ ...flavour }));
    expect(style({ ...flavour, danger: "#123456" })).not.toEqual(style(flavour));
  });

  test("everything written grows with the reader's text", () => {
    const sizes = (text: number) =>
      style(flavourFrom(light, false, text)).layers.flatMap((l) => {
        const size = l.type === "symbol" ? (l.layout?.["text-size"] as unknown) : undefined;
        return size === undefined ? [] : [Array.isArray(size) ? Number(size.at(-1)) : Number(size)];
      });
    expect(sizes(1).length).toBeGreaterThan(4);
    expect(sizes(2)).toEqual(sizes(1).map((px) => 2 * px));
  });

  test("every sign that a marker names is drawn", () => {
    const drawn = Object.keys(signs(flavour));
    const place = { area: "x", lat: 1, lon: 1 };
    const incidents = ["minor", "moderate", "severe", null].map((severity, i) => ({ id: `${i}`, state: "open", severity, people: 1, officers: [], place }));
    const units = [{ id: "u", placed_at: null, busy_with: null, place }, { id: "v", placed_at: "2026-01-01T00:00:00Z", busy_with: "t", place }];
    const board = boardFromWire({ incidents: [...incidents, { id: "r", state: "resolved", severity: null, people: 1, officers: [], place }] as never, units: units as never });
    const markers = [...incidentMarkers(board, new Map()).values(), ...unitMarkers(board, Date.parse("2026-01-01T00:01:00Z")).values()];
    expect(markers.length).toBe(7);
    for (const m of markers) expect(drawn).toContain(m.properties["icon"]);
  });
});

describe("an incident on its area's sign", () => {
  const centres = new Map([["a", { lat: -8.1, lon: 112.1 }]]);
  const above = (lat: number | null) => {
    const place = { area: "a", lat, lon: lat === null ? null : 112.1 };
    const incident = { id: "i", state: "open", severity: null, people: 1, officers: [], place };
    const board = boardFromWire({ incidents: [incident] as never });
    return incidentMarkers(board, centres).get("i")!.properties["above"];
  };

  test("stands above it, when only its area is known and when it is near", () => {
    expect(above(null)).toBe(true);
    expect(above(-8.1005)).toBe(true);
  });
  test("stays where it is, when it is far", () => expect(above(-8.11)).toBe(false));
});

describe("incidents on one spot", () => {
  test("stand beside each other, the gravest in place; a far one is not moved", () => {
    const at = (lat: number) => ({ area: null, lat, lon: 112.1 });
    const one = (id: string, severity: string | null, lat: number) => ({ id, state: "open", severity, people: 1, officers: [], place: at(lat) });
    const board = boardFromWire({ incidents: [one("minor", "minor", -8.1), one("severe", "severe", -8.1001), one("far", null, -8.2)] as never });
    const slots = [...incidentMarkers(board, new Map()).values()].map((m) => [m.id, m.properties["slot"]]);
    expect(Object.fromEntries(slots)).toEqual({ minor: 1, severe: 0, far: 0 });
  });
});

describe("diff", () => {
  const marker = fc.record({ id: fc.constantFrom("a", "b", "c"), x: fc.integer({ min: 0, max: 2 }), p: fc.dictionary(fc.constantFrom("k", "l"), fc.boolean()) });
  const markers = fc.uniqueArray(marker, { selector: (m) => m.id }).map((list): Markers =>
    new Map(list.map(({ id, x, p }) => [id, { type: "Feature", id, geometry: { type: "Point", coordinates: [x, 0] }, properties: p } as Marker])),
  );

  function apply(before: Markers, d: Diff): Markers {
    const next = new Map(before);
    for (const id of d.remove) next.delete(id);
    for (const m of d.add) next.set(m.id, m);
    for (const u of d.update) {
      const old = next.get(u.id)!;
      const properties = { ...old.properties };
      for (const { key, value } of u.addOrUpdateProperties ?? []) properties[key] = value as boolean;
      for (const key of u.removeProperties ?? []) delete properties[key];
      next.set(u.id, { ...old, geometry: u.newGeometry ?? old.geometry, properties });
    }
    return next;
  }
  const sorted = (m: Markers) => [...m.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

  test("carried out, it makes one set of markers the other", () => {
    fc.assert(fc.property(markers, markers, (a, b) => void expect(sorted(apply(a, diff(a, b)))).toEqual(sorted(b))));
  });

  test("between equal sets there is nothing to say", () => {
    fc.assert(fc.property(markers, (a) => void expect(empty(diff(a, structuredClone(a)))).toBe(true)));
  });
});

describe("geo", () => {
  const square: Areas = {
    type: "FeatureCollection",
    features: [{ type: "Feature", properties: { code: "x", name: "X" }, geometry: { type: "Polygon", coordinates: [[[112, -8], [112.1, -8], [112.1, -8.1], [112, -8.1], [112, -8]]] } }],
  };

  test("the drawing keeps north up and the city's own proportions", () => {
    const plane = projection(boxOf(square), 100, 0);
    expect(plane.xy(112, -8)).toEqual([0, 0]);
    expect(plane.xy(112.1, -8.1)[0]).toBeCloseTo(100, 0);
    expect(plane.height).toBeGreaterThan(100); // a degree of longitude is shorter
    expect(pathOf(square.features[0]!, plane)).toMatch(/^M0 0L.*Z$/);
  });

  test("metres on a flat earth", () => {
    expect(metres({ lat: -8, lon: 112 }, { lat: -8.001, lon: 112 })).toBeCloseTo(111.3, 0);
    expect(metres({ lat: -8, lon: 112 }, { lat: -8, lon: 112 })).toBe(0);
  });
});

test("a thing without a point stands at its area's sign; without an area it is not on the map", () => {
  const incident = (id: string, place: object) => ({ id, state: "open", severity: null, people: 1, officers: [], place });
  const board = boardFromWire({ incidents: [incident("a", { area: "x", lat: null, lon: null }), incident("b", { area: null, lat: null, lon: null })] as never });
  const found = incidentMarkers(board, new Map([["x", { lat: -8, lon: 112 }]]));
  expect([...found.keys()]).toEqual(["a"]);
});

test("a point outside the city is on no map of it: its area's sign stands for it, or nothing; an officer stays where he is", () => {
  const far = { lat: 51.5, lon: -0.12, outside: true };
  const incident = (id: string, area: string | null) => ({ id, state: "open", severity: null, people: 1, officers: [], place: { area, ...far } });
  const units = [{ id: "u", placed_at: null, busy_with: null, place: { area: null, ...far } }];
  const board = boardFromWire({ incidents: [incident("a", "x"), incident("b", null)] as never, units: units as never });
  const found = incidentMarkers(board, new Map([["x", { lat: -8, lon: 112 }]]));
  expect([...found.values()].map((m) => [m.id, m.geometry.coordinates])).toEqual([["a", [112, -8]]]);
  expect(unitMarkers(board, 0).get("u")!.geometry.coordinates).toEqual([-0.12, 51.5]);
});
