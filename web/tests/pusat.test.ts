import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fact } from "../src/core/types.ts";
import { urgentIn } from "../src/pages/pusat/alarm.ts";
import { active, fromUrl, toUrl } from "../src/pages/pusat/filter.ts";
import { intentOf, KEYS } from "../src/pages/pusat/keys.ts";
import { boardFromWire } from "../src/core/fold.ts";
import { matching } from "../src/pages/pusat/palette.ts";
import { targetOf } from "../src/pages/pusat/spot.ts";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../src/hadir/words/${name}.json`, import.meta.url), "utf8")) as object;
const words = { ...read("pusat"), ...read("abuse"), ...read("privacy_staff") };
const press = (key: string, tagName = "BODY", more = {}) =>
  ({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, target: { tagName } as never, ...more });

describe("keys", () => {
  test("no key means two things, and each has its words", () => {
    const keys = Object.values(KEYS).flat();
    expect(new Set(keys).size).toBe(keys.length);
    for (const intent of Object.keys(KEYS)) expect(Object.keys(words)).toContain(`pusat.key.${intent}`);
  });

  test("while typing, letters are letters; Escape still leads out", () => {
    expect(intentOf(press("n", "INPUT"))).toBeNull();
    expect(intentOf(press("Escape", "INPUT"))).toBe("back");
  });

  test("a key held down walks, and does nothing else twice", () => {
    expect(intentOf(press("j", "BODY", { repeat: true }))).toBe("down");
    expect(intentOf(press("n", "BODY", { repeat: true }))).toBeNull();
  });

  test("on a button Enter is the button's; the browser keeps its own shortcuts", () => {
    expect(intentOf(press("Enter", "BUTTON"))).toBeNull();
    expect(intentOf(press("Enter"))).toBe("join");
    expect(intentOf({ ...press("Enter"), target: { tagName: "BUTTON", dataset: { row: "A" } } as never })).toBe("join");
    expect(intentOf(press("n", "BODY", { ctrlKey: true }))).toBeNull();
  });
});

describe("a notice's address", () => {
  const rows = {
    incidents: [{ id: "i1" }], orders: [{ id: "o1", incident: "i1" }, { id: "o2", incident: "gone" }], areas: [{ id: "a1" }],
    tasks: [{ id: "t1", incident: "i1" }], reports: [{ id: "r1", incident: null }, { id: "r2", incident: "i1" }], units: [{ id: "u1", busy_with: "t1" }, { id: "u2", busy_with: null }],
  };
  const board = boardFromWire(rows as never);
  test.each([
    ["#/incident/i1", { kind: "incident", incident: "i1", card: null }],
    ["#/order/o1", { kind: "incident", incident: "i1", card: "order-o1" }],
    ["#/task/t1", { kind: "incident", incident: "i1", card: "task-t1" }],
    ["#/report/r1", { kind: "report", report: "r1" }],
    ["#/report/r2", { kind: "incident", incident: "i1", card: null }],
    ["#/area/a1", { kind: "area", area: "a1" }],
    ["#/unit/u1", { kind: "unit", unit: "u1", incident: "i1" }],
    ["#/unit/u2", { kind: "unit", unit: "u2", incident: null }],
    ["#/order/o2", null], ["#/order/x", null], ["#/nothing/i1", null], ["", null],
  ])("%s", (hash, target) => expect(targetOf(board, hash)).toEqual(target));
});

describe("filter", () => {
  const filter = fc.record({
    text: fc.string().map((t) => t.trim()),
    area: fc.string(),
    category: fc.string(),
    urgency: fc.integer({ min: 0, max: 4 }),
  });

  test("written to the URL and read again, it is itself, and other parameters stay", () => {
    fc.assert(
      fc.property(filter, (f) => {
        const url = toUrl("?lang=en", f);
        expect(fromUrl(url)).toEqual(f);
        expect(new URLSearchParams(url).get("lang")).toBe("en");
      }),
    );
  });

  test("nonsense in the URL filters nothing", () => {
    expect(active(fromUrl("?urgensi=9&x=1"))).toBe(false);
    expect(toUrl("", fromUrl(""))).toBe("");
  });
});

test("the alarm is for new reports that are urgent, not for changed ones", () => {
  const fact = (kind: string, urgency: number) => ({ kind, put: { reports: [{ urgency }] } }) as unknown as Fact;
  expect(urgentIn([fact("report.received", 4), fact("report.received", 3), fact("report.claimed", 4)])).toBe(1);
});

test("the palette finds by all words, in any order", () => {
  const offers = [{ label: "Banjir, Plosokerep", detail: "K13" }, { label: "Banjir, Pakunden", detail: "K17" }];
  expect(matching(offers, "k13 banjir", 9).map((o) => o.detail)).toEqual(["K13"]);
  expect(matching(offers, "  ", 1).length).toBe(1);
});
