import { describe, expect, test } from "vitest";
import { incidentActions } from "../src/actions/index.ts";
import { candidates, likeliest } from "../src/core/alike.ts";
import { boardFromWire } from "../src/core/fold.ts";
import { similarOf, suggested } from "../src/core/queue.ts";

const incident = (id: string, more: object = {}) =>
  ({ id, version: 2, state: "open", title: id, severity: null, people: 1, reports: 2, merged: [], since: "2026-01-07T06:00:00Z", last_report_at: null, ...more }) as never;
const me = { id: "me", name: "", role: "operator", agency: null, lang: "id" as const };
const board = boardFromWire({ incidents: [incident("A"), incident("B"), incident("C", { state: "resolved" }), incident("D")] });
const alike = (id: string, suggested: boolean) => ({ id, suggested, score: suggested ? 0.8 : 0.3, reasons: [] });

describe("what an incident can be merged with", () => {
  test("the likely ones come first as the server ranks them, then the others; never itself, and nothing that is solved", () => {
    const found = candidates(board, "A", [alike("D", true), alike("C", true), alike("gone", true)]);
    expect(found.map((c) => [c.incident.id, c.alike?.suggested ?? null])).toEqual([["D", true], ["B", null]]);
  });

  test("only one that reaches the threshold is proposed", () => {
    expect(likeliest(board, "A", [alike("D", false)])).toBeNull();
    expect(likeliest(board, "A", [alike("B", true), alike("D", false)])?.incident.id).toBe("B");
  });
});

describe("merge and split as commands", () => {
  const a = board.incidents.get("A")!;
  test("a merge says which version of each was seen, and its undoing names the same ones", () => {
    const others = [board.incidents.get("B")!, board.incidents.get("D")!];
    const { path, body } = incidentActions.merge.perform(a, { others });
    expect(path).toBe("/api/v1/incidents/A/merge");
    expect(body).toMatchObject({ seen_version: 2, incidents: [{ id: "B", seen_version: 2 }, { id: "D", seen_version: 2 }] });
    const undo = incidentActions.merge.undo!(a, { others });
    expect([undo.path, undo.body["incidents"]]).toEqual(["/api/v1/incidents/A/unmerge", ["B", "D"]]);
  });

  test("there must be two reports to split, and something merged to undo it", () => {
    expect(incidentActions.split.can(a, me, board)).toBe(true);
    expect(incidentActions.split.can(incident("E", { reports: 1 }), me, board)).toBe(false);
    expect(incidentActions.unmerge.can(a, me, board)).toBe(false);
    expect(incidentActions.unmerge.can(incident("E", { merged: [{ id: "F" }] }), me, board)).toBe(true);
    expect(incidentActions.merge.can(a, { ...me, role: "leader" }, board)).toBe(false);
  });
});

test("a report that was like a merged incident is suggested to the one that goes on", () => {
  const merged = boardFromWire({ incidents: [incident("A", { merged: [{ id: "Z" }] })] });
  const report = { similar: ["Z", "A"], place: { area: null } } as never;
  expect(suggested(merged, report)?.id).toBe("A");
  expect(similarOf(merged, report).incidents.map((i) => i.id)).toEqual(["A"]);
});
