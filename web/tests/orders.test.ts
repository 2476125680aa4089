/** Orders on the commander's phone: what is late, why it rang, how long is left; and what a browser records. */
import { describe, expect, test } from "vitest";
import { boardFromWire } from "../src/core/fold.ts";
import { copiedTo, myOrders, orderedBy } from "../src/core/select.ts";
import { needs } from "../src/faces/needs.ts";
import { rings } from "../src/faces/ring.ts";
import { countdown, late, lateSince, missed, why } from "../src/faces/why.ts";
import { heeds } from "../src/pages/petugas/heed.ts";
import { ended, lately, taken } from "../src/pages/petugas/lost.ts";
import { kindOf } from "../src/voice/recorder.ts";

const NOW = Date.parse("2026-01-07T14:00:00Z");
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const order = (more: object = {}) =>
  ({
    id: "o1", state: "sent", from: "me", to: "x", incident: "i1", agency: "bpbd", since: at(-60), state_at: at(-60), said_version: 1, due_at: at(600),
    waits: { step: "delivered", due_at: at(30) }, overdue: [], copies: [], steps: [], differs: [], read_back: null, task: null, task_state: null, ...more,
  }) as never;
const miss = (step: string, more: object = {}) => ({ step, due_at: at(-30), at: at(-29), consequence: "channel", said_version: 1, ...more });

describe("late", () => {
  test("a step whose timer has run out, by the server's fact or by its clock", () => {
    expect(late(order(), NOW)).toBe(false);
    expect(late(order(), NOW + 31_000)).toBe(true);
    expect(late(order({ overdue: [miss("delivered")] }), NOW)).toBe(true);
  });

  test("a step that came after all is late no more; neither is one of the version before a correction", () => {
    expect(missed(order({ state: "delivered", waits: { step: "seen", due_at: at(50) }, overdue: [miss("delivered")] }))).toBeNull();
    expect(missed(order({ said_version: 2, overdue: [miss("delivered")] }))).toBeNull();
  });

  test("taken, and not done in its time", () => {
    const taken = { state: "accepted", waits: null, due_at: at(-1) };
    expect(late(order({ ...taken, task_state: "en_route" }), NOW)).toBe(true);
    expect(lateSince(order({ ...taken, task_state: "en_route" }), NOW)).toBe(at(-1));
    expect(late(order({ ...taken, task_state: "done" }), NOW)).toBe(false);
    // on record it is late whatever this phone's clock says, and no more once it is done
    const told = { ...taken, due_at: at(60), overdue: [{ ...miss("delivered"), step: "done" }] };
    expect(late(order({ ...told, task_state: "on_scene" }), NOW)).toBe(true);
    expect(why(order({ ...told, task_state: "on_scene" }), NOW)?.code).toBe("late.done");
    expect(late(order({ ...told, task_state: "done" }), NOW)).toBe(false);
    expect(lateSince(order({ ...taken, due_at: at(1) }), NOW)).toBeNull();
  });
});

describe("why it rang", () => {
  const code = (more: object) => why(order(more), NOW)?.code ?? null;

  test("says what it wants of the commander, and nothing while it goes its way", () => {
    expect(code({})).toBeNull();
    expect(code({ state: "seen", waits: { step: "read_back", due_at: at(-1) } })).toBe("late.read_back");
    expect(code({ state: "read_back", waits: null, read_back: { spoken: true } })).toBe("spoken");
    expect(code({ state: "read_back", waits: null, read_back: {}, differs: ["area"] })).toBe("differs");
    expect(code({ state: "expired", waits: null })).toBe("expired");
    expect(code({ state: "accepted", waits: null, task_state: "done" })).toBe("done");
    expect(code({ state: "accepted", waits: null, task_state: "verified", due_at: at(-99) })).toBeNull();
  });
});

test("only my own orders ring, for facts that ask something, their task's too", () => {
  const orders = [order(), order({ id: "o2", from: "other" }), order({ id: "o3", task: "t3" }), order({ id: "o4" })];
  const board = boardFromWire({ orders } as never);
  const fact = (kind: string, stream: string) => ({ kind, stream }) as never;
  const facts = [fact("order.overdue", "order/o1"), fact("order.refused", "order/o2"), fact("task.declined", "task/t3"), fact("order.seen", "order/o4")];
  expect(rings(facts, board, "me").map((o) => o.id)).toEqual(["o1", "o3"]);
  expect(rings([{ ...(fact("task.cancelled", "task/t3") as object), actor: "me" } as never], board, "me")).toEqual([]);
});

test("a task that came back wants another officer, until there is another order; one that goes on with somebody else does not", () => {
  const back = { state: "accepted", waits: null, task: "t1", task_state: "given", due_at: at(-5) };
  const found = (...orders: unknown[]) => needs(boardFromWire({ orders } as never), "me", NOW);
  expect(why(order(back), NOW)?.code).toBe("given_back");
  expect(found(order(back)).refused.map((o) => o.id)).toEqual(["o1"]);
  expect(found(order(back)).late).toEqual([]);
  expect(found(order(back), order({ id: "o2", since: at(-61) })).refused.map((o) => o.id)).toEqual(["o1"]);
  expect(found(order(back), order({ id: "o2", since: at(-59) })).refused).toEqual([]);
  expect(found(order({ ...back, task_state: "assigned", due_at: at(5) })).refused).toEqual([]);
  expect(why(order({ ...back, task_state: "cancelled" }), NOW)?.code).toBe("called_off");
});

test("what my order asked for and is done stands apart from all other work to be checked", () => {
  const orders = [order({ state: "accepted", waits: null, task: "t1", task_state: "done" })];
  const tasks = ["t1", "t2"].map((id) => ({ id, state: "done", since: at(-9) }));
  const found = needs(boardFromWire({ orders, tasks } as never), "me", NOW);
  expect([found.done.map((o) => o.id), found.check.map((t) => t.id)]).toEqual([["o1"], ["t2"]]);
});

test("what was the officer's and is not any more is told for a quarter of an hour, and what he ended himself is not", () => {
  const names = { action: (c: string) => c, area: () => "Gedog", category: (c: string) => c };
  const mine = { to: "me", action: "pump", place: { area: "a" }, reason: null, state_at: at(-60) };
  const orders = ["cancelled", "expired", "refused", "accepted"].map((state) => order({ ...mine, id: state, state }));
  const tasks = ["cancelled", "verified"].map((state) => ({ id: `t-${state}`, state, officer: "me", what: "Pompa", place: { area: "a" }, state_at: at(-899) }));
  const board = boardFromWire({ orders, tasks } as never);
  expect(ended(board, "me", names).map((l) => l.why)).toEqual(["cancelled", "expired", "called_off"]);
  expect(lately(ended(board, "me", names), NOW + 2000).map((l) => l.why)).toEqual(["cancelled", "expired"]);
  const before = [{ ...tasks[0], id: "t1", state: "en_route" }, { ...tasks[0], id: "t2", state: "done" }] as never;
  expect(taken([{ gone: { tasks: ["t1", "t2"] }, at: at(0) }] as never, before, names)).toEqual([{ id: "t1", why: "taken", what: "Pompa, Gedog", reason: null, at: at(0) }]);
});

test("an officer's phone is heard and felt for what wants something of him, not for a copy or his own press", () => {
  const fact = (kind: string, put: object, actor = "x") => ({ kind, actor, put }) as never;
  const mine = { orders: [{ to: "me" }] };
  expect(heeds([fact("order.sent", mine)], "me")).toBe(true);
  expect(heeds([fact("order.sent", { orders: [{ to: "other" }] })], "me")).toBe(false);
  expect(heeds([fact("order.read_back", mine, "me"), fact("order.overdue", mine)], "me")).toBe(false);
  expect(heeds([fact("task.assigned", { tasks: [{ officer: "me" }] })], "me")).toBe(true);
  expect(heeds([fact("task.cancelled", { tasks: [{ officer: "me" }] }, "me"), fact("task.done", { tasks: [{ officer: "me" }] })], "me")).toBe(false);
});

test("taken without a line it stays on the officer's screen; afterwards its task says what was ordered", () => {
  const taken = { to: "me", from: "x", state: "accepted", waits: null };
  const orders = [order(taken), order({ ...taken, id: "o2", task: "t1" }), order({ ...taken, id: "o3", task: "t9" })];
  const board = boardFromWire({ orders } as never);
  expect(myOrders(board, "me").map((o) => o.id)).toEqual(["o1"]);
  expect(orderedBy(board, { id: "t1", officer: "me" } as never).map((o) => o.id)).toEqual(["o2"]);
  expect(orderedBy(board, { id: "t1", officer: "other" } as never)).toEqual([]);
});

test("an order is either not yet understood or late, and both are counted once", () => {
  const board = boardFromWire({ orders: [order(), order({ id: "o2", overdue: [miss("delivered")] })] } as never);
  const found = needs(board, "me", NOW);
  expect([found.unread.map((o) => o.id), found.late.map((o) => o.id)]).toEqual([["o1"], ["o2"]]);
});

test("a copy shows until the work is over, to those who have it and to the addressee's desk", () => {
  const copies = [{ id: "y", why: "asked" }];
  const orders = [order({ copies }), order({ id: "o2", copies, state: "accepted", task_state: "verified" }), order({ id: "o3", copies, state: "cancelled" })];
  const board = boardFromWire({ orders } as never);
  expect(copiedTo(board, "y").map((o) => o.id)).toEqual(["o1"]);
  expect(copiedTo(board, "opd-bpbd", "bpbd").map((o) => o.id)).toEqual(["o1"]);
  expect(copiedTo(board, "x")).toEqual([]);
  expect(copiedTo(board, "z")).toEqual([]);
});

test("the time that is left, never below nothing", () => {
  expect(countdown(at(75), NOW)).toBe("1:15");
  expect(countdown(at(-5), NOW)).toBe("0:00");
});

test("a browser records what others can play: AAC where it can, else Opus in WebM", () => {
  expect(kindOf((k) => k.startsWith("audio/mp4"))).toBe("audio/mp4;codecs=mp4a.40.2");
  expect(kindOf((k) => k.includes("webm") || k === "audio/mp4")).toBe("audio/webm;codecs=opus");
  expect(kindOf(() => false)).toBeNull();
});
