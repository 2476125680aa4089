import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boardToWire } from "../src/core/fold.ts";
import type { Fact } from "../src/core/types.ts";
import { fullJitter } from "../src/live/backoff.ts";
import { BoardRefused } from "../src/live/link.ts";
import type { Link } from "../src/live/link.ts";
import { parseId, SILENCE_MS } from "../src/live/stream.ts";
import { FakeBrowser, FakeServer, FakeTimers } from "./live-fakes.ts";

const report = (id: string, more: object = {}): Partial<Fact> => ({ put: { reports: [{ id, ...more } as never] } });
const seen = (link: Link) => boardToWire(link.picture!.board);

async function city() {
  const [server, timers] = [new FakeServer(), new FakeTimers()];
  const browser = new FakeBrowser(server, timers);
  const settleDown = () => timers.pass(100);
  return { server, timers, browser, settleDown };
}

describe("one tab", () => {
  test("board, then facts, each within a frame", async () => {
    const { server, timers, browser } = await city();
    server.say(report("A"));
    const tab = browser.tab();
    await timers.pass(50);
    expect(tab.phase).toBe("ready");
    server.say(report("B"));
    await timers.pass(20);
    expect([...tab.picture!.board.reports.keys()]).toEqual(["A", "B"]);
    expect(tab.up).toBe(true);
  });

  test("a connection refused with 502 is opened again, and nothing is missing", async () => {
    const { server, timers, browser } = await city();
    const tab = browser.tab();
    await timers.pass(50);
    server.reachable = false;
    server.cut();
    server.say(report("A"));
    await timers.pass(5_000);
    expect(tab.up).toBe(false);
    server.reachable = true;
    await timers.pass(31_000);
    expect(seen(tab)).toEqual(boardToWire(server.picture.board));
    expect(tab.up).toBe(true);
  });

  test("a silent connection is given up after 60 s, not before; a beat keeps it", async () => {
    const { server, timers, browser } = await city();
    browser.tab();
    await timers.pass(50);
    await timers.pass(SILENCE_MS - 1_000);
    server.beat();
    await timers.pass(SILENCE_MS - 1_000);
    expect(server.sources.length).toBe(1);
    await timers.pass(2_000);
    expect(server.sources.length).toBe(2);
  });

  test("a beat carries the position on, so that a quiet viewer does not hold an old one", async () => {
    const { server, timers, browser } = await city();
    const tab = browser.tab();
    await timers.pass(50);
    server.picture = { ...server.picture, position: 500 };
    server.beat();
    await timers.pass(50);
    expect(tab.picture!.position).toBe(500);
    server.cut();
    await timers.pass(1_000);
    expect(server.sources.at(-1)!.after).toBe("e1-500");
  });

  test("resync: the board is fetched again, whatever was before", async () => {
    const { server, timers, browser } = await city();
    const tab = browser.tab();
    await timers.pass(50);
    server.say(report("A"));
    server.restore();
    server.say({ gone: { reports: ["A"] } });
    await timers.pass(2_000);
    expect(tab.picture!.epoch).toBe(server.epoch);
    expect(seen(tab).reports).toEqual([]);
  });

  test("a session that ended says so and does not hammer", async () => {
    const { timers, browser } = await city();
    let asked = 0;
    const tab = browser.tab({ fetchBoard: () => (asked++, Promise.reject(new BoardRefused(401))) });
    await timers.pass(120_000);
    expect([tab.phase, asked]).toEqual(["signed_out", 1]);
  });

  test("no board: it keeps trying, with pauses", async () => {
    const { server, timers, browser } = await city();
    server.reachable = false;
    const tab = browser.tab();
    await timers.pass(10_000);
    expect(tab.phase).toBe("offline");
    server.reachable = true;
    await timers.pass(31_000);
    expect(tab.phase).toBe("ready");
  });
});

describe("many tabs", () => {
  test("one stream for all, and all see the same", async () => {
    const { server, browser, settleDown } = await city();
    const tabs = [browser.tab(), browser.tab(), browser.tab()];
    await settleDown();
    server.say(report("A"));
    await settleDown();
    expect(server.open().length).toBe(1);
    for (const tab of tabs) expect([...tab.picture!.board.reports.keys()]).toEqual(["A"]);
  });

  test("the leader closes: another reads on from where it stands", async () => {
    const { server, browser, settleDown } = await city();
    const [first, second] = [browser.tab(), browser.tab()];
    await settleDown();
    server.say(report("A"));
    await settleDown();
    first.stop();
    server.say(report("B"));
    await settleDown();
    expect(second.leads).toBe(true);
    expect(seen(second)).toEqual(boardToWire(server.picture.board));
  });

  test("a message lost between tabs is noticed at the next one", async () => {
    const { server, browser, settleDown } = await city();
    const [, second] = [browser.tab(), browser.tab()];
    await settleDown();
    browser.lose = true;
    server.say(report("A"));
    await settleDown();
    browser.lose = false;
    server.say(report("B"));
    await settleDown();
    expect([...second.picture!.board.reports.keys()]).toEqual(["A", "B"]);
  });

  test("a tab whose node lags behind the leader's start fetches again instead of skipping facts", async () => {
    const { server, timers, browser, settleDown } = await city();
    const old = await server.board();
    server.say(report("A"));
    browser.tab();
    await settleDown();
    let asked = 0;
    const late = browser.tab({ fetchBoard: () => (asked++ === 0 ? Promise.resolve(old) : server.board()) });
    await timers.pass(2_000);
    expect([...late.picture!.board.reports.keys()]).toEqual(["A"]);
  });

  test("a leader frozen with its lock is relieved by a visible tab", async () => {
    const { server, timers, browser, settleDown } = await city();
    const [first, second] = [browser.tab(), browser.tab()];
    await settleDown();
    browser.lose = true;
    await timers.pass(SILENCE_MS + 1_000);
    browser.lose = false;
    await settleDown();
    expect(second.leads).toBe(true);
    expect(first.leads).toBe(false);
    server.say(report("A"));
    await settleDown();
    for (const tab of [first, second]) expect([...tab.picture!.board.reports.keys()]).toEqual(["A"]);
  });

  test("whatever is cut, lost, closed or restored: all end with the server's picture", async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom("A", "B", "C").map((id) => ({ do: "put", id })) },
      { weight: 2, arbitrary: fc.constantFrom("A", "B", "C").map((id) => ({ do: "gone", id })) },
      { weight: 2, arbitrary: fc.constant({ do: "cut", id: "" }) },
      { weight: 2, arbitrary: fc.constantFrom("lose", "hear").map((d) => ({ do: d, id: "" })) },
      { weight: 1, arbitrary: fc.constantFrom("tab", "close", "restore", "forget", "wait").map((d) => ({ do: d, id: "" })) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { server, timers, browser } = await city();
        let open = [browser.tab(), browser.tab()];
        let n = 0;
        for (const s of steps) {
          if (s.do === "put") server.say(report(s.id, { n: n++ }));
          if (s.do === "gone") server.say({ gone: { reports: [s.id] } });
          if (s.do === "cut") server.cut();
          if (s.do === "lose" || s.do === "hear") browser.lose = s.do === "lose";
          if (s.do === "tab") open.push(browser.tab());
          if (s.do === "close" && open.length > 1) open.shift()!.stop();
          if (s.do === "restore") server.restore();
          if (s.do === "forget") server.keptFrom = server.picture.position;
          if (s.do === "wait") await timers.pass(3_000);
          await timers.pass(7);
        }
        browser.lose = false;
        await timers.pass(35_000);
        server.beat();
        server.say(report("last", { n }));
        await timers.pass(35_000);
        for (const tab of open) expect(seen(tab)).toEqual(boardToWire(server.picture.board));
        open = [];
      }),
      { numRuns: 150 },
    );
  });
});

test("ids are an epoch of letters and digits and a position", () => {
  expect(parseId("a1B-42")).toEqual({ epoch: "a1B", position: 42 });
  for (const bad of ["", "42", "a-b", "-1", "a-1-2", undefined]) expect(parseId(bad)).toBeNull();
});

test("full jitter lies between nothing and the doubled, capped delay", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const wait = fullJitter(attempt, random);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** attempt));
    }),
  );
});
