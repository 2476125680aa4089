import "fake-indexeddb/auto";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Courier } from "../src/offline/courier.ts";
import type { Line, Outcome, Ports } from "../src/offline/courier.ts";
import { databaseOf, idbStore, opener } from "../src/offline/idb.ts";
import { judge, next, orphans, ready, retryAfter } from "../src/offline/rules.ts";
import type { Answered, Entry, Lane, Upload } from "../src/offline/rules.ts";
import { memoryStore } from "../src/offline/store.ts";
import type { NewEntry, NewUpload, Store } from "../src/offline/store.ts";
import { fitted } from "../src/offline/picture.ts";
import { FakeTimers } from "./live-fakes.ts";

let made = 0;
const entry = (change: Partial<NewEntry> = {}): NewEntry => ({
  v: 1, id: `command-${++made}`, path: "/api/v1/tasks/T/accept", body: { command_id: `command-${made}` }, row: "T", incident: null,
  patch: null, label: "TERIMA", lane: "plain", carries: [], at: made, refusal: null, ...change,
});
const upload = (id: string, change: Partial<NewUpload> = {}): NewUpload => ({
  v: 1, id, type: "image/jpeg", size: 100_000, sha256: "-", taken: null, draft: "", at: ++made, begun: false, offset: 0, answer: null, refusal: null, ...change,
});
const entries = (...given: NewEntry[]): Entry[] => given.map((e, i) => ({ ...e, seq: i + 1 }));
const uploads = (...given: NewUpload[]): Upload[] => given.map((u, i) => ({ ...u, seq: i + 1 }));
const carrying = (...ids: string[]) => ids.map((id) => ({ field: "photos", upload: id, list: true }));

describe("what goes next", () => {
  test("nothing waits, nothing goes; what was refused stays where it is", () => {
    expect(next({ entries: [], uploads: [] })).toBeNull();
    const refused = entry({ refusal: { status: 409, code: "wrong_state", detail: "", at: 0 } });
    expect(next({ entries: entries(refused), uploads: [] })).toBeNull();
  });

  test("a command waits for its photos, and names them as the server does", () => {
    const box = { entries: entries(entry({ carries: carrying("a", "b"), body: { photos: [] } })), uploads: uploads(upload("a", { answer: "AAA" }), upload("b")) };
    expect(next(box)).toMatchObject({ do: "begin", upload: { id: "b" } });
    const all = { ...box, uploads: box.uploads.map((u) => ({ ...u, answer: u.id.toUpperCase() })) };
    expect(next(all)).toMatchObject({ do: "send", body: { photos: ["A", "B"] } });
  });

  test("a photo that is refused, or gone, puts its command on the shelf instead of holding up the rest", () => {
    const refusal = { status: 422, code: "not_a_photo", detail: "", at: 0 };
    const box = { entries: entries(entry({ carries: carrying("a") })), uploads: uploads(upload("a", { refusal })) };
    expect(next(box)).toMatchObject({ do: "shelve", refusal: { code: "not_a_photo" } });
    expect(next({ ...box, uploads: [] })).toMatchObject({ do: "shelve", refusal: { code: "photo_gone" } });
  });

  test("an emergency goes first; what was pressed before about the same thing goes with it, in order", () => {
    const [task, free, urgent] = [entry(), entry({ row: "me" }), entry({ row: "me", lane: "urgent" })];
    expect(next({ entries: entries(task, free, urgent), uploads: [] })).toMatchObject({ entry: { id: free.id } });
    expect(next({ entries: entries(task, urgent), uploads: [] })).toMatchObject({ entry: { id: urgent.id } });
  });

  test("an order's receipt goes past a photo that is going up, and past nothing else", () => {
    const receipt = entry({ row: "O", lane: "quick" });
    const photo = entry({ carries: carrying("a") });
    expect(next({ entries: entries(photo, receipt), uploads: uploads(upload("a", { begun: true })) })).toMatchObject({ do: "send", entry: { id: receipt.id } });
    const plain = entry();
    expect(next({ entries: entries(plain, receipt), uploads: [] })).toMatchObject({ entry: { id: plain.id } });
    const same = entry({ row: "T", lane: "quick" });
    expect(next({ entries: entries(photo, same), uploads: uploads(upload("a")) })).toMatchObject({ do: "begin" });
  });

  const lanes = fc.constantFrom<Lane>("urgent", "quick", "plain");
  const presses = fc.array(fc.record({ row: fc.constantFrom("A", "B", "C"), lane: lanes, photo: fc.boolean() }), { maxLength: 12 });

  test("however things overtake, everything goes once, and about one thing in the order it was pressed", () => {
    fc.assert(
      fc.property(presses, (given) => {
        const all = given.map((g, i) => ({ ...entry({ row: g.row, lane: g.lane, carries: g.photo ? carrying(`p${i}`) : [] }), seq: i + 1 }));
        let box = { entries: all, uploads: uploads(...given.flatMap((g, i) => (g.photo ? [upload(`p${i}`)] : []))) };
        const sent: Entry[] = [];
        for (let step = next(box); step; step = next(box)) {
          const { entry: done, upload: up } = step as { entry?: Entry; upload?: Upload };
          if (step.do === "send") {
            expect(ready(step.entry, box)).not.toBeNull();
            sent.push(done!);
            box = { ...box, entries: box.entries.filter((e) => e.seq !== done!.seq) };
          } else box = { ...box, uploads: box.uploads.map((u) => (u.id === up!.id ? { ...u, begun: true, answer: u.begun ? "X" : null } : u)) };
        }
        expect(sent.map((e) => e.seq).sort((a, b) => a - b)).toEqual(all.map((e) => e.seq));
        for (const row of ["A", "B", "C"]) {
          const seqs = sent.filter((e) => e.row === row).map((e) => e.seq);
          expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        }
      }),
    );
  });

  test("photos of an open draft stay, those of nothing go", () => {
    const box = { entries: entries(entry({ carries: carrying("named") })), uploads: uploads(upload("named"), upload("draft", { draft: "finish/T" }), upload("lost", { draft: "finish/U" })) };
    expect(orphans(box, new Set(["finish/T"])).map((u) => u.id)).toEqual(["lost"]);
  });
});

describe("what an answer means", () => {
  const said = (status: number, body: Record<string, unknown> | null, change: Partial<Answered> = {}): Answered => ({ status, body, problem: status >= 400 && body !== null, retryAfterMs: null, ...change });

  test.each([
    ["no answer at all", null, "later"],
    ["done", said(200, { position: 3 }), "done"],
    ["a hotel's page that calls itself 200", said(200, null), "later"],
    ["somebody's JSON that is not ours", said(200, { ok: true }), "later"],
    ["a rule's no", said(409, { code: "wrong_state" }), "refused"],
    ["not allowed", said(403, { code: "not_yours" }), "refused"],
    ["a proxy's own no", said(403, null), "later"],
    ["a proxy's not found while a version is changed", said(404, null), "later"],
    ["too often", said(429, { code: "too_many" }), "later"],
    ["a collision of five", said(409, { code: "too_busy" }), "later"],
    ["a failure of ours", said(500, { code: "internal" }), "later"],
    ["a full disk", said(503, { code: "disk_full" }), "later"],
    ["signed out", said(401, { code: "session_over" }), "signed_out"],
    ["a proxy that wants a password", said(401, null), "later"],
    ["a redirect to elsewhere", said(0, null), "later"],
  ])("%s", (_what, answer, kind) => void expect(judge(answer, "position").kind).toBe(kind));

  test("what the server said of itself is told on; a proxy's number is not its word", () => {
    expect(judge(said(503, { code: "disk_full" }), "position")).toMatchObject({ status: 503, code: "disk_full" });
    expect(judge(said(503, { code: "disk_full" }, { problem: false }), "position")).toMatchObject({ status: 503, code: "" });
  });

  test("Retry-After as seconds and as a date", () => {
    expect(retryAfter("120", 0)).toBe(120_000);
    expect(retryAfter("Thu, 01 Jan 1970 00:01:00 GMT", 10_000)).toBe(50_000);
    expect(retryAfter(null, 0)).toBeNull();
    expect(retryAfter("soon", 0)).toBeNull();
  });
});

test("a photo is made to fit, never larger", () => {
  expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
  expect(fitted(300, 200)).toEqual({ width: 300, height: 200 });
});

// ── the courier over both stores, against a server that keeps its promises and a line that keeps none ──

/** Remembers first answers by command id, and what it was told in order. */
class Server {
  done: string[] = [];
  refuse = new Set<string>();
  up = new Map<string, { size: number; got: number }>();
  signedIn = true;
  /** So many bytes of a piece get through before the line breaks. */
  carries = Infinity;
  /** What the line does to each request: before the server has it, after it, or nothing. */
  line: () => "ok" | "lost" | "unheard" | "503" | "portal" = () => "ok";

  fetch = async (path: string, init: RequestInit): Promise<Response> => {
    const fate = this.line();
    if (fate === "lost") throw new TypeError("network");
    if (fate === "503") return problem(503, "unavailable");
    if (fate === "portal") return new Response("<html>Wi-Fi gratis</html>", { headers: { "content-type": "text/html" } });
    const answer = this.#answer(path, init);
    if (fate === "unheard") throw new TypeError("network");
    return answer;
  };

  #answer(path: string, init: RequestInit): Response {
    if (!this.signedIn) return problem(401, "session_over");
    if (path.startsWith("/api/v1/uploads")) return this.#upload(path, init);
    const id = (JSON.parse(String(init.body)) as { command_id: string }).command_id;
    if (this.refuse.has(id)) return problem(409, "wrong_state", "Tugas ini sudah diambil Petugas 3 pukul 14.02.");
    if (!this.done.includes(id)) this.done.push(id);
    return json({ position: this.done.indexOf(id) + 1, id });
  }

  #upload(path: string, init: RequestInit): Response {
    if (path === "/api/v1/uploads") {
      const { id, length } = JSON.parse(String(init.body)) as { id: string; length: number };
      const known = this.up.get(id) ?? { size: length, got: 0 };
      this.up.set(id, known);
      return this.#stands(id, known);
    }
    const id = path.slice("/api/v1/uploads/".length);
    const known = this.up.get(id)!;
    if (Number(new Headers(init.headers).get("upload-offset")) !== known.got) return problem(409, "upload_offset");
    const sent = (init.body as unknown as Uint8Array).length;
    known.got += Math.min(sent, this.carries);
    if (sent > this.carries) throw new TypeError("network");
    return this.#stands(id, known);
  }

  #stands(id: string, { size, got }: { size: number; got: number }): Response {
    return json({ id, offset: got, length: size, answer: got === size ? `photo-${id}` : null });
  }
}

const json = (body: unknown, status = 200, type = "application/json") => new Response(JSON.stringify(body), { status, headers: { "content-type": type } });
const problem = (status: number, code: string, detail = "") => json({ code, detail, status }, status, "application/problem+json");

/** Time that runs as fast as it is asked to. */
const hasty = { now: () => 0, random: () => 0, after: (_ms: number, run: () => void) => (_ms > 20_000 ? () => {} : (queueMicrotask(run), () => {})) };

function courier(store: Store, server: Server, change: Partial<Ports> = {}) {
  const outcomes = new Map<string, Outcome>();
  const lines: Line[] = [];
  let settle = () => {};
  const made = new Courier({
    store, account: "me", fetch: server.fetch, timers: hasty, alone: (work) => work(() => true), changed: () => {},
    answered: (e, o) => void outcomes.set(e.id, o),
    line: (l) => {
      lines.push(l);
      if (l.state === "idle" || l.state === "signed_out") settle();
    },
    ...change,
  });
  return { courier: made, outcomes, lines, rest: () => new Promise<void>((done) => { settle = done; made.kick(); }) };
}

describe.each([
  ["in memory", () => memoryStore()],
  ["in IndexedDB", () => idbStore(opener(`test-${++made}`))],
] as const)("the courier, its outbox %s", (_name, open) => {
  let store: Store;
  let server: Server;
  beforeEach(() => {
    store = open();
    server = new Server();
  });

  test("sends in order and keeps nothing that is answered", async () => {
    const { courier: c, rest, outcomes } = courier(store, server);
    const given = [entry(), entry(), entry()];
    for (const e of given) await c.add(e);
    await rest();
    expect(server.done).toEqual(given.map((e) => e.id));
    expect((await store.box()).entries).toEqual([]);
    expect(outcomes.get(given[1]!.id)).toMatchObject({ ok: true, position: 2 });
  });

  test("a refusal goes to the shelf with all its words, and what comes after goes on", async () => {
    const { courier: c, rest, outcomes } = courier(store, server);
    const [no, yes] = [entry({ body: { command_id: "no", note: "Air surut, warga pulang." }, id: "no" }), entry()];
    server.refuse.add("no");
    await c.add(no);
    await c.add(yes);
    await rest();
    const box = await store.box();
    expect(box.entries).toMatchObject([{ id: "no", body: { note: "Air surut, warga pulang." }, refusal: { code: "wrong_state", detail: "Tugas ini sudah diambil Petugas 3 pukul 14.02." } }]);
    expect(outcomes.get("no")).toMatchObject({ ok: false, status: 409 });
    expect(server.done).toEqual([yes.id]);
  });

  test("signed out: everything stays, and goes after signing in", async () => {
    const { courier: c, rest, lines } = courier(store, server);
    server.signedIn = false;
    await c.add(entry());
    await rest();
    expect((await store.box()).entries).toHaveLength(1);
    expect(lines.at(-1)).toEqual({ state: "signed_out" });
    server.signedIn = true;
    await rest();
    expect((await store.box()).entries).toHaveLength(0);
  });

  test("a photo goes up in pieces, its command after it, and its bytes leave the phone only then", async () => {
    const { courier: c, rest } = courier(store, server);
    await c.attach(upload("a", { size: 200_000 }), new Uint8Array(200_000));
    const e = entry({ carries: carrying("a"), body: { command_id: "with-photo" }, id: "with-photo" });
    await c.add(e);
    await rest();
    expect(server.up.get("a")!.got).toBe(200_000);
    expect(server.done).toEqual(["with-photo"]);
    expect(await store.bytes("a")).toBeNull();
  });

  test("a line that is back is used at once, however long it was away", async () => {
    const slow = new FakeTimers();
    const { courier: c, lines } = courier(store, server, { timers: slow });
    server.line = () => "lost";
    await c.add(entry());
    const waits = () => lines.filter((l) => l.state === "waiting").length;
    for (let tries = 1; tries < 20; tries++) {
      await until(() => waits() >= tries);
      await slow.pass(60_000);
    }
    await until(() => waits() >= 20);
    server.line = () => "ok";
    c.kick();
    await until(() => lines.at(-1)!.state === "idle");
    expect(server.done).toHaveLength(1);
  });

  test("a line that cuts every piece, but carries some of it, is not kept waiting longer and longer", async () => {
    const late = { ...hasty, random: () => 1 };
    const { courier: c, rest, lines } = courier(store, server, { timers: late });
    server.carries = 5_000;
    await c.attach(upload("a", { size: 200_000 }), new Uint8Array(200_000));
    await c.add(entry({ carries: carrying("a") }));
    await rest();
    expect(server.up.get("a")!.got).toBe(200_000);
    const waits = lines.flatMap((l) => (l.state === "waiting" ? [l.until] : []));
    expect(waits.length).toBeGreaterThan(30);
    expect(Math.max(...waits)).toBeLessThanOrEqual(800);
  });

  test("the same press twice in the outbox is one", async () => {
    const e = entry();
    await store.addEntry(e);
    await store.addEntry(e);
    expect((await store.box()).entries).toHaveLength(1);
  });

  test("however the line breaks, everything arrives once and in order", async () => {
    const fates = fc.array(fc.constantFrom("ok", "lost", "unheard", "503", "portal" as const), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fates, fc.integer({ min: 0, max: 3 }), async (line, photos) => {
        const store = open();
        const server = new Server();
        const fate = [...line];
        server.line = () => fate.shift() ?? "ok";
        const { courier: c, rest } = courier(store, server);
        const ids = ["one", "two", "three"].map((n) => `${n}-${++made}`);
        for (const [i, id] of ids.entries()) {
          const carries = i < photos ? carrying(`photo-${id}`) : [];
          if (carries.length) await c.attach(upload(`photo-${id}`, { size: 90_000 }), new Uint8Array(90_000));
          await c.add(entry({ id, body: { command_id: id }, carries }));
        }
        await rest();
        expect(server.done).toEqual(ids);
        expect((await store.box()).entries).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("killed between any two lines, the next page goes on", async () => {
    const ids = ["a", "b", "c"].map((n) => `${n}-${++made}`);
    for (const id of ids) await store.addEntry(entry({ id, body: { command_id: id } }));
    // Each page dies after its first answer, before it could take the entry out.
    for (let life = 0; life < 3; life++) {
      const dying: Store = { ...store, dropEntry: () => new Promise(() => {}) };
      const { courier: c } = courier(dying, server);
      const before = server.done.length;
      c.kick();
      await until(() => server.done.length > before || life > 0);
      c.stop();
    }
    const { rest } = courier(store, server);
    await rest();
    expect(server.done).toEqual(ids);
  });
});

async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((go) => setTimeout(go, 1));
}

test("each account has a database of its own", () => void expect(databaseOf("petugas-1")).not.toBe(databaseOf("petugas-2")));
