import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boardFromWire } from "../src/core/fold.ts";
import { matters, READ_BACK_MS } from "../src/core/matter.ts";
import type { WireBoard } from "../src/core/types.ts";

const words = JSON.parse(readFileSync(new URL("../../src/hadir/words/wall.json", import.meta.url), "utf8")) as object;
const names = { area: (c: string | null) => c ?? "", category: (c: string) => c, person: (p: string) => p, calls: (s: string) => s === "urgent" };
const NOW = Date.parse("2026-01-07T07:00:00Z");
const place = { area: "x", words: null };
const incident = (id: string, more: object) =>
  ({ id, state: "open", title: id, place, since: "2026-01-07T06:00:00Z", severity: null, people: 1, officers: [], disputed: false, flood: false, last_report_at: null, ...more }) as never;
const report = (id: string, more: object) =>
  ({ id, state: "received", incident: null, urgency: 4, rank: 1, category: "flood", place, since: "2026-01-07T06:58:00Z", claimed_by: null, text: "", ref: id, ...more }) as never;
const ids = (wire: WireBoard, most = 5) => matters(boardFromWire(wire), names, NOW, most).map((m) => m.id);

describe("what matters now", () => {
  test("an officer in need, then an emergency nobody has, then what is covered", () => {
    const units = [{ id: "u", state: "urgent", name: "u", since: "2026-01-07T06:59:00Z", place } as never];
    const wire = { units, reports: [report("mine", { claimed_by: "op" }), report("new", {})], incidents: [incident("covered", { officers: ["o"] })] };
    expect(ids(wire)).toEqual(["u", "new", "mine", "covered"]);
  });

  test("only an unclaimed thing is an alarm", () => {
    const found = matters(boardFromWire({ reports: [report("mine", { claimed_by: "op" }), report("new", {})] }), names, NOW, 5);
    expect(found.map((m) => m.alarm)).toEqual([true, false]);
  });

  test("emergencies of one kind in one area are one line, as old as the oldest", () => {
    const reports = [report("a", { since: "2026-01-07T06:59:00Z" }), report("b", {}), report("c", { category: "fire" })];
    const found = matters(boardFromWire({ reports }), names, NOW, 5);
    expect(found.map((m) => [m.id, m.params["n"]])).toEqual([["b", 2], ["c", 1]]);
  });

  test("without an officer before with one; disputed before both; resolved not at all", () => {
    const incidents = [incident("a", { officers: ["o"] }), incident("b", {}), incident("c", { disputed: true }), incident("d", { state: "resolved" })];
    expect(ids({ incidents })).toEqual(["c", "b", "a"]);
  });

  test("a flooded area is told once: by its incident where there is one", () => {
    const areas = [{ id: "x", state: "declared", name: "x", reports: 3, since: "", place } as never, { id: "y", state: "confirmed", name: "y", reports: 3, since: "", place } as never];
    expect(ids({ areas, incidents: [incident("i", { flood: true })] })).toEqual(["y", "i"]);
  });

  test("an order matters once its read-back is late", () => {
    const order = (id: string, age: number) => ({ id, state: "sent", to: id, read_back: null, since: new Date(NOW - age).toISOString(), place }) as never;
    expect(ids({ orders: [order("late", READ_BACK_MS + 1), order("soon", READ_BACK_MS - 1)] })).toEqual(["late"]);
  });

  test("never more than asked for, and every code has its words", () => {
    const reports = Array.from({ length: 9 }, (_, i) => report(`r${i}`, { category: `c${i}` }));
    expect(ids({ reports }, 5).length).toBe(5);
    for (const code of ["calls", "report", "report_claimed", "incident", "uncovered", "disputed", "area_declared", "area_confirmed", "area_suspected", "order"]) {
      expect(Object.keys(words)).toContain(`matter.${code}`);
    }
  });
});
