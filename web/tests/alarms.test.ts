import { describe, expect, test } from "vitest";
import { acknowledge } from "../src/actions/unit/acknowledge.ts";
import { checkIn } from "../src/actions/unit/checkIn.ts";
import { emergency } from "../src/actions/unit/emergency.ts";
import { countdown, ringing, unanswered, watched, wordOf } from "../src/core/alarms.ts";
import { askable, waitingTask } from "../src/core/dispatch.ts";
import { boardFromWire } from "../src/core/fold.ts";

const place = (lat: number | null) => ({ lat, lon: 112, accuracy_m: 9 });
const alarm = (kind: string, at: string, more: object = {}) => ({ kind, at, place: null, placed_at: null, acknowledged_by: null, acknowledged_at: null, ...more });
const watch = (due: string, late: string, missed = false) => ({ task: "T", incident: "I", since: due, due_at: due, late_at: late, every_min: 10, missed });
const unit = (id: string, more: object = {}) => ({ id, name: id, state: "x", version: 3, agency: "a", place: place(-8), placed_at: "2026-01-07T10:00:00Z", seen_at: null, busy_with: null, watch: null, alarms: [], proposed: null, ...more });
const board = (...units: object[]) => boardFromWire({ units } as never);
const me = (role: string, id = "me") => ({ id, name: "", role, agency: null, lang: "id" as const, mandates: [] });

describe("alarms", () => {
  test("emergencies first, then who has waited longest; what somebody has rings no more", () => {
    const rows = ringing(board(
      unit("a", { alarms: [alarm("check_in", "2026-01-07T09:00:00Z")] }),
      unit("b", { alarms: [alarm("emergency", "2026-01-07T10:05:00Z")] }),
      unit("c", { alarms: [alarm("emergency", "2026-01-07T10:01:00Z", { acknowledged_by: "op" })] }),
    ));
    expect(rows.map((r) => r.unit.id)).toEqual(["c", "b", "a"]);
    expect(unanswered(rows).map((r) => r.unit.id)).toEqual(["b", "a"]);
  });

  test("the place is the one he said, until his unit was seen later", () => {
    const said = alarm("emergency", "2026-01-07T10:05:00Z", { place: place(-8.5), placed_at: "2026-01-07T10:04:00Z" });
    expect(ringing(board(unit("a", { alarms: [said] })))[0]).toMatchObject({ place: { lat: -8.5 }, placed_at: "2026-01-07T10:04:00Z" });
    const later = unit("a", { alarms: [said], placed_at: "2026-01-07T10:06:00Z" });
    expect(ringing(board(later))[0]).toMatchObject({ place: { lat: -8 }, placed_at: "2026-01-07T10:06:00Z" });
  });

  test("a word is green until it is due, amber until the alarm, then red", () => {
    const u = unit("a", { watch: watch("2026-01-07T10:10:00Z", "2026-01-07T10:13:00Z") }) as never;
    const at = (time: string) => wordOf(u, Date.parse(`2026-01-07T10:${time}Z`));
    expect([at("09:59"), at("10:00"), at("12:59"), at("13:00")]).toEqual(["green", "amber", "amber", "red"]);
    expect(wordOf(unit("a", { watch: watch("2026-01-07T10:10:00Z", "2026-01-07T10:13:00Z", true) }) as never, 0)).toBe("red");
    expect(wordOf(unit("a") as never, 0)).toBeNull();
    expect(countdown("2026-01-07T10:10:00Z", Date.parse("2026-01-07T10:05:55Z"))).toBe("4:05");
    expect(countdown("2026-01-07T10:10:00Z", Date.parse("2026-01-07T10:15:00Z"))).toBe("0:00");
  });

  test("who is watched, the most pressing first", () => {
    const rows = watched(board(unit("a", { watch: watch("2026-01-07T10:10:00Z", "x") }), unit("b"), unit("c", { watch: watch("2026-01-07T10:08:00Z", "x") })));
    expect(rows.map((u) => u.id)).toEqual(["c", "a"]);
  });

  test("only he raises, only the centre takes, he or an operator says that he is safe", () => {
    const u = unit("me", { alarms: [alarm("emergency", "x")], watch: watch("x", "x") }) as never;
    expect([me("officer"), me("operator", "op")].map((m) => emergency.can(u, m, board()))).toEqual([true, false]);
    expect([me("officer"), me("operator", "op"), me("leader", "l"), me("desk", "d")].map((m) => acknowledge.can(u, m, board()))).toEqual([false, true, true, false]);
    expect([me("officer"), me("officer", "other"), me("operator", "op"), me("leader", "l")].map((m) => checkIn.can(u, m, board()))).toEqual([true, false, true, false]);
  });

  test("what is pressed shows at once: a word begins its time anew and ends the alarm", () => {
    const u = unit("me", { alarms: [alarm("check_in", "x")], watch: watch("2026-01-07T10:10:00Z", "2026-01-07T10:13:00Z", true) }) as never;
    const patch = checkIn.predict!(u, me("officer"), { device_at: "2026-01-07T10:20:00.000Z" });
    expect(patch).toMatchObject({ alarms: [], watch: { due_at: "2026-01-07T10:30:00.000Z", late_at: "2026-01-07T10:33:00.000Z", missed: false } });
    expect(emergency.predict!(u, me("officer"), { device_at: "x" })["alarms"]).toHaveLength(2);
  });
});

test("a task of his agency that nobody does is given to him instead of a second one", () => {
  const task = (id: string, more: object = {}) => ({ id, incident: "I", agency: "a", state: "given", officer: null, offered_to: null, ...more });
  const tasks = [task("1", { officer: "x" }), task("2", { offered_to: "b" }), task("3", { agency: "b" }), task("4", { incident: "J" }), task("5")];
  expect(waitingTask(boardFromWire({ tasks } as never), "I", "a")?.id).toBe("5");
  expect(waitingTask(boardFromWire({} as never), "I", "a")).toBeNull();
  expect([askable({ standing: "unknown" } as never), askable({ standing: "not_now" } as never)]).toEqual([true, false]);
});
