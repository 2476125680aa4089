/** Orders on the commander's phone: what is late, why it rang, how long is left; and what a browser records. */
import { describe, expect, test } from "vitest";
import { boardFromWire } from "../src/core/fold.ts";
import { copiedTo } from "../src/core/select.ts";
import { needs } from "../src/faces/needs.ts";
import { rings } from "../src/faces/ring.ts";
import { countdown, late, missed, why } from "../src/faces/why.ts";
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
    expect(late(order({ ...taken, task_state: "done" }), NOW)).toBe(false);
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
  const facts = [fact("order.overdue", "order/o1"), fact("order.refused", "order/o2"), fact("task.done", "task/t3"), fact("order.seen", "order/o4")];
  expect(rings(facts, board, "me").map((o) => o.id)).toEqual(["o1", "o3"]);
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
