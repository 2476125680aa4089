import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ulid } from "../src/core/ids.ts";
import { boardFromWire } from "../src/core/fold.ts";
import { floods, openIncidents } from "../src/core/select.ts";
import { queue, suggested, twin } from "../src/core/queue.ts";
import { age, clock, clockSeconds, nextChange, skew } from "../src/core/time.ts";
import { fill, Words } from "../src/core/words.ts";
import type { Report } from "../src/core/types.ts";

describe("ulid", () => {
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });

  test("26 characters of Crockford's alphabet, first 0 to 7", () => {
    fc.assert(fc.property(times, bytes, (t, b) => void expect(ulid(t, b)).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)));
  });

  test("sorts by time, then by randomness", () => {
    fc.assert(
      fc.property(times, times, bytes, bytes, (t, u, b, c) => {
        fc.pre(t !== u);
        expect(ulid(t, b) < ulid(u, c)).toBe(t < u);
      }),
    );
  });
});

describe("time", () => {
  test("an age changes its words exactly when it says it will", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * 86_400_000 }), (passed) => {
        const wait = nextChange(0, passed);
        expect(age(0, passed + wait)).not.toEqual(age(0, passed));
        expect(age(0, passed + wait - 1)).toEqual(age(0, passed));
      }),
    );
  });

  test("the city's clock, whatever the phone's zone", () => {
    const at = Date.parse("2026-01-07T07:03:22Z");
    expect(clock(at, "Asia/Jakarta")).toBe("14:03");
    expect(clockSeconds(at, "Asia/Jakarta")).toBe("14:03:22");
    expect(clock(at, "Asia/Jayapura")).toBe("16:03");
  });

  test("a wrong phone clock is known from the server's", () => {
    expect(skew("2026-01-07T10:00:00Z", Date.parse("2026-01-07T13:00:00Z"))).toBe(-3 * 3_600_000);
    expect(skew(undefined, 0)).toBeNull();
    expect(skew("soon", 0)).toBeNull();
  });
});

describe("words", () => {
  test("gaps are filled; an unknown gap stays in sight", () => {
    expect(fill("{n} laporan di {area}", { n: 3 })).toBe("3 laporan di {area}");
  });

  test("never runs what a parameter holds", () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(fill("«{text}»", { text })).toBe(`«${text}»`)));
  });

  test("a missing key shows itself", () => {
    expect(new Words("id", {}).say("no.such")).toBe("no.such");
  });
});

describe("select", () => {
  const report = (id: string, rank: number, more: Partial<Report> = {}) =>
    ({ id, rank, state: "received", incident: null, similar: [], text: "", ref: id, urgency: 1, place: { area: null, words: null }, ...more }) as Report;

  test("the queue is ordered by rank, whatever order the rows came in", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.uuid(), fc.integer({ min: 0, max: 5 })), { selector: ([id]) => id }), (rows) => {
        const reports = rows.map(([id, rank]) => report(id, rank));
        const once = queue(boardFromWire({ reports }));
        const turned = queue(boardFromWire({ reports: [...reports].reverse() }));
        expect(turned).toEqual(once);
        once.slice(1).forEach((r, i) => expect(r.rank).toBeLessThanOrEqual(once[i]!.rank));
      }),
    );
  });

  test("a report that is joined or dismissed does not wait; a disputed one without incident does", () => {
    const reports = [report("A", 1, { incident: "I" }), report("B", 1, { state: "dismissed" }), report("C", 1, { state: "disputed" })];
    expect(queue(boardFromWire({ reports })).map((r) => r.id)).toEqual(["C"]);
  });

  test("filters narrow by words, area and urgency", () => {
    const reports = [report("A", 1, { text: "Air selutut", urgency: 4 }), report("B", 1, { text: "lampu mati" })];
    const board = boardFromWire({ reports });
    expect(queue(board, { text: "AIR" }).map((r) => r.id)).toEqual(["A"]);
    expect(queue(board, { urgency: 3 }).map((r) => r.id)).toEqual(["A"]);
    expect(queue(board, { area: "x" })).toEqual([]);
  });

  test("a similar report already in an incident suggests that incident", () => {
    const me = report("A", 1, { similar: ["B", "gone"] });
    const board = boardFromWire({
      reports: [me, report("B", 1, { incident: "I" })],
      incidents: [{ id: "I", state: "open" } as never],
    });
    expect(suggested(board, me)?.id).toBe("I");
  });

  test("a twin is a running incident of the same category and area: near by, or for water anywhere in the area", () => {
    const incident = (id: string, more: object = {}) =>
      ({ id, state: "open", category: "c", place: { area: "a" }, disputed: false, severity: null, people: 1, last_report_at: "", ...more }) as never;
    const of = (incidents: never[], more: object = {}) =>
      twin(boardFromWire({ incidents }), { category: "c", flood: false, similar: [], place: { area: "a" }, ...more } as never)?.id;
    expect(of([incident("far")])).toBeUndefined();
    expect(of([incident("far")], { flood: true })).toBe("far");
    expect(of([incident("far"), incident("near")], { flood: true, similar: ["near"] })).toBe("near");
    for (const other of [{ category: "d" }, { state: "resolved" }, { place: { area: "b" } }])
      expect(of([incident("near", other)], { flood: true, similar: ["near"] })).toBeUndefined();
    expect(of([incident("near", { place: { area: null } })], { flood: true, similar: ["near"], place: { area: null } })).toBeUndefined();
  });

  test("the worst flood is first; no news and over are not floods", () => {
    const area = (id: string, state: string) => ({ id, state, reports: 0, since: "" }) as never;
    const areas = [area("a", "suspected"), area("b", "declared"), area("c", "no_news"), area("d", "over"), area("e", "confirmed")];
    expect(floods(boardFromWire({ areas })).map((a) => a.id)).toEqual(["b", "e", "a"]);
  });

  test("a disputed incident comes before a severe one", () => {
    const incident = (id: string, more: object) => ({ id, state: "open", disputed: false, severity: null, people: 1, last_report_at: "", ...more }) as never;
    const incidents = [incident("a", { severity: "severe" }), incident("b", { disputed: true }), incident("c", { state: "closed" })];
    expect(openIncidents(boardFromWire({ incidents })).map((i) => i.id)).toEqual(["b", "a"]);
  });
});
