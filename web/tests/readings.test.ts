import { expect, test } from "vitest";
import { boardFromWire } from "../src/core/fold.ts";
import { located } from "../src/core/readings.ts";

const board = boardFromWire({ units: [{ id: "p1", place: { lat: 1 }, seen_at: "2026-01-01T10:00:00Z", placed_at: "2026-01-01T10:00:00Z", state: "free" }] } as never);
const reading = (at: string, id = "p1") => new Map([[`unit/${id}`, { key: `unit/${id}`, id, place: { lat: 2 }, placed_at: at }]]);

test("a newer reading moves its unit and nothing else of it", () => {
  const unit = located(board, reading("2026-01-01T10:00:05Z")).units.get("p1")!;
  expect([unit.place.lat, unit.seen_at, unit.state]).toEqual([2, "2026-01-01T10:00:05Z", "free"]);
});

test("it brings how the phone does, and takes back what a later one does not say", () => {
  const told = new Map([["unit/p1", { ...reading("2026-01-01T10:00:05Z").get("unit/p1"), battery: 12, signal: "2g" }]]);
  const unit = located(board, told).units.get("p1")!;
  expect([unit.battery, unit.signal]).toEqual([12, "2g"]);
  expect(located(board, reading("2026-01-01T10:00:05Z")).units.get("p1")!.battery).toBeNull();
});

test("an older one, one of a unit that is not seen, and one of another kind change nothing at all", () => {
  for (const readings of [reading("2026-01-01T09:59:00Z"), reading("2026-01-01T11:00:00Z", "other"), new Map([["gauge/1", { key: "gauge/1" }], ["x", null]])]) {
    expect(located(board, readings)).toBe(board);
  }
});
