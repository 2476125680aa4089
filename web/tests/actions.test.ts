import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ALL, incidentActions, orderActions, reportActions, taskActions } from "../src/actions/index.ts";
import { overlay, standing } from "../src/core/optimism.ts";
import { boardFromWire } from "../src/core/fold.ts";
import { LOOKS } from "../src/core/status.ts";
import { ICONS } from "../src/ui/icons.ts";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../src/hadir/words/${name}.json`, import.meta.url), "utf8")) as object;
const core = { ...read("core"), ...read("actions"), ...read("abuse"), ...read("privacy_staff") };
const row = { id: "X", version: 3, state: "received", incident: null, claimed_by: null } as never;
const me = (role: string, id = "me", agency: string | null = null) => ({ id, name: "", role, agency, lang: "id" as const });
const board = boardFromWire({});

describe("actions", () => {
  test("every id is its own", () => {
    const ids = ALL.map((a) => a.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(ALL.map((a) => [a.id, a] as const))("%s has an icon, a label and a sentence for when it is done", (id, a) => {
    expect(Object.keys(ICONS)).toContain(a.icon);
    expect(Object.keys(core)).toContain(`action.${id}`);
    expect(Object.keys(core)).toContain(`done.${id}`);
  });

  test("each command carries an id of its own and the version that was seen", () => {
    const [a, b] = [reportActions.claim.perform(row), reportActions.claim.perform(row)];
    expect(a.path).toBe("/api/v1/reports/X/claim");
    expect(a.body["seen_version"]).toBe(3);
    expect(a.body.command_id).not.toBe(b.body.command_id);
  });

  test("what leaves the house is held", () => {
    expect([incidentActions.giveOrder.hold, orderActions.correct.hold, reportActions.claim.hold]).toEqual([true, true, undefined]);
  });

  test("only an operator claims; nobody claims what another has open", () => {
    expect(reportActions.claim.can(row, me("operator"), board)).toBe(true);
    expect(reportActions.claim.can(row, me("leader"), board)).toBe(false);
    expect(reportActions.claim.can({ ...(row as object), claimed_by: "other" } as never, me("operator"), board)).toBe(false);
  });

  test("who worked does not verify", () => {
    const task = { id: "T", state: "done", officer: "me", agency: "bpbd" } as never;
    expect(taskActions.verify.can(task, me("desk", "me", "bpbd"), board)).toBe(false);
    expect(taskActions.verify.can(task, me("desk", "other", "bpbd"), board)).toBe(true);
    expect(taskActions.verify.can(task, me("desk", "other", "dlh"), board)).toBe(false);
  });
});

test("every state has a shape we can draw and a word", () => {
  for (const [kind, states] of Object.entries(LOOKS)) {
    for (const [state, look] of Object.entries(states)) {
      expect(Object.keys(ICONS)).toContain(look.icon);
      expect(Object.keys(core)).toContain(`state.${kind}.${state}`);
    }
  }
});

describe("predictions", () => {
  const before = boardFromWire({ reports: [{ id: "A", state: "received" } as never] });
  const press = (position: number | null) => ({ command: "c", row: "A", patch: { state: "dismissed" }, position });

  test("lie over the board, and leave the server's rows as they are", () => {
    expect(overlay(before, [press(null)]).reports.get("A")!.state).toBe("dismissed");
    expect(before.reports.get("A")!.state).toBe("received");
    expect(overlay(before, [press(null)]).tasks).toBe(before.tasks);
  });

  test("stand until the picture has reached their position", () => {
    expect(standing([press(null), press(8)], 7).length).toBe(2);
    expect(standing([press(null), press(7)], 7).length).toBe(1);
  });
});
