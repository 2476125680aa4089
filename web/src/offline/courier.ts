/**
 * Carries the outbox to the server: one step after the other, by one tab at a time, until nothing waits.
 *
 * What is true is in the store; the courier remembers nothing that would be missed. It may be killed between any two
 * lines: a command is sent again under its id and gets its first answer, an upload asks where it stands and goes on.
 */
import { fullJitter } from "../live/backoff.ts";
import type { Timers } from "../live/backoff.ts";
import { judge, next, orphans, retryAfter } from "./rules.ts";
import type { Answered, Box, Entry, Refusal, Step, Upload, Verdict } from "./rules.ts";
import type { Draft, NewEntry, NewUpload, Store } from "./store.ts";

export type Outcome =
  | { ok: true; position: number; version: number | null; id: string | null; answer: Record<string, unknown> }
  | { ok: false; status: number; code: string; detail: string };

export interface Ports {
  store: Store;
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  timers: Timers;
  /** Runs `work` when this tab alone may send, and says so for as long as it holds. See `alone.ts`. */
  alone: (work: (held: () => boolean) => Promise<void>) => Promise<void>;
  /** The account that all this is from: the server refuses it when somebody else is signed in by now. */
  account: string;
  changed: (box: Box) => void;
  answered: (entry: Entry, outcome: Outcome) => void;
  line: (state: Line) => void;
  /** Something new waits: whoever has the turn should look, in whatever tab. */
  told?: () => void;
}

/** `waiting`: the last try did not get through, what the server said (if it did), and when the next one is due. */
export type Line = { state: "idle" | "sending" } | { state: "waiting"; until: number; status: number; code: string } | { state: "signed_out" };

/** A dead line is noticed by nobody: no answer after so long is no answer. */
const ANSWER_MS = 30_000;
const FIRST_MS = 800;
const MOST_MS = 60_000;
/** On a poor line a short piece is lost less often; on a good one a long one wastes fewer turns. */
export const PIECE_LEAST = 32 * 1024;
export const PIECE_MOST = 512 * 1024;
const UPLOADS = "/api/v1/uploads";

export class Courier {
  readonly #p: Ports;
  #running = false;
  #again = false;
  /** Called for since the last request left. */
  #nudged = false;
  #attempt = 0;
  #piece = 2 * PIECE_LEAST;
  #cancelPause = () => {};
  #stopped = false;

  constructor(ports: Ports) {
    this.#p = ports;
  }

  /** Kept before it is sent; what is on the page after this resolves survives the page. */
  async add(entry: NewEntry, endsDraft?: string): Promise<void> {
    await this.#p.store.addEntry(entry, endsDraft);
    await this.#show();
    this.kick();
  }

  async attach(upload: NewUpload, bytes: Uint8Array): Promise<void> {
    await this.#p.store.addUpload(upload, bytes);
    await this.#show();
    this.kick();
  }

  async putDraft(draft: Draft): Promise<void> {
    await this.#p.store.putDraft(draft);
  }

  /** From the shelf: put away for good, or tried once more as it is. */
  async putAway(entry: Entry): Promise<void> {
    await this.#p.store.dropEntry(entry.seq);
    await this.#show();
  }
  async retry(entry: Entry): Promise<void> {
    await this.#p.store.changeEntry(entry.seq, { refusal: null });
    await this.#show();
    this.kick();
  }

  /** Something new waits, the line is back, the page is seen again, somebody signed in: try now. */
  kick(): void {
    this.#p.told?.();
    this.nudge();
  }

  nudge(): void {
    if (this.#stopped) return;
    // A line that is back is not kept waiting by how long it was away.
    this.#attempt = 0;
    this.#nudged = true;
    this.#cancelPause();
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelPause();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      await this.#p.alone((held) => this.#drain(held));
    }
    this.#running = false;
  }

  async #drain(held: () => boolean): Promise<void> {
    while (!this.#stopped && held()) {
      const step = next(await this.#p.store.box());
      if (step === null) {
        this.#p.line({ state: "idle" });
        return this.#tidy();
      }
      // While tries fail one after the other the line is said to be away, not now away and now there.
      if (this.#attempt === 0) this.#p.line({ state: "sending" });
      this.#nudged = false;
      const verdict = await this.#take(step);
      await this.#show();
      if (verdict === null || verdict.kind === "refused") this.#attempt = 0;
      else if (verdict.kind === "done") this.#attempt = moved(step, verdict.body) ? 0 : this.#attempt;
      else if (verdict.kind === "signed_out") return this.#p.line({ state: "signed_out" });
      else if (!(await this.#pause(verdict))) return;
    }
  }

  /** True when it is time to go on; false when the courier was stopped. */
  async #pause(verdict: { afterMs: number | null; status: number; code: string }): Promise<boolean> {
    const { timers } = this.#p;
    const ms = Math.max(verdict.afterMs ?? 0, fullJitter(this.#attempt++, timers.random(), FIRST_MS, MOST_MS));
    this.#p.line({ state: "waiting", until: timers.now() + ms, status: verdict.status, code: verdict.code });
    if (this.#nudged && !verdict.afterMs) return !this.#stopped;
    await new Promise<void>((go) => {
      const cancel = timers.after(ms, go);
      // The server's «not before» holds even when the line has just come back.
      this.#cancelPause = verdict.afterMs ? () => {} : () => (cancel(), go());
    });
    this.#cancelPause = () => {};
    return !this.#stopped;
  }

  async #take(step: Step): Promise<Verdict | null> {
    switch (step.do) {
      case "shelve":
        await this.#shelve(step.entry, step.refusal);
        return null;
      case "send":
        return this.#send(step.entry, step.body);
      case "begin":
        return this.#begin(step.upload);
      case "piece":
        return this.#more(step.upload);
    }
  }

  // ── commands ──

  async #send(entry: Entry, body: Record<string, unknown>): Promise<Verdict> {
    const answer = await this.#ask(entry.path, { method: "POST", body: JSON.stringify(body) });
    const verdict = judge(answer, "position");
    if (verdict.kind === "done") {
      await this.#p.store.dropEntry(entry.seq);
      this.#p.answered(entry, done(verdict.body));
    } else if (verdict.kind === "refused") {
      await this.#shelve(entry, { ...verdict, at: this.#p.timers.now() });
    }
    return verdict;
  }

  async #shelve(entry: Entry, refusal: Refusal): Promise<void> {
    const { status, code, detail, at } = refusal;
    await this.#p.store.changeEntry(entry.seq, { refusal: { status, code, detail, at } });
    this.#p.answered(entry, { ok: false, status, code, detail });
  }

  // ── uploads ──

  async #begin(upload: Upload): Promise<Verdict> {
    const { id, size, sha256, type, taken } = upload;
    const answer = await this.#ask(UPLOADS, { method: "POST", body: JSON.stringify({ id, length: size, sha256, type, taken }) });
    return this.#heard(upload, judge(answer, "offset"));
  }

  async #more(upload: Upload): Promise<Verdict | null> {
    const bytes = await this.#p.store.bytes(upload.id);
    if (bytes === null) {
      await this.#p.store.changeUpload(upload.id, { refusal: { status: 0, code: "photo_gone", detail: "", at: this.#p.timers.now() } });
      return null;
    }
    const piece = bytes.subarray(upload.offset, upload.offset + this.#piece);
    const headers = { "content-type": "application/partial-upload", "upload-offset": String(upload.offset) };
    const answer = await this.#ask(`${UPLOADS}/${upload.id}`, { method: "PATCH", body: piece as BodyInit, headers });
    const verdict = judge(answer, "offset");
    this.#piece = verdict.kind === "done" ? Math.min(PIECE_MOST, this.#piece * 2) : Math.max(PIECE_LEAST, this.#piece / 2);
    // Cut off, or not where we thought: the server says where it stands.
    if (verdict.kind === "later" && verdict.status === 0) await this.#p.store.changeUpload(upload.id, { begun: false });
    if (verdict.kind === "refused" && STALE.has(verdict.code)) return this.#restart(upload);
    return this.#heard(upload, verdict);
  }

  async #restart(upload: Upload): Promise<Verdict> {
    await this.#p.store.changeUpload(upload.id, { begun: false });
    return { kind: "later", afterMs: null, status: 409, code: "" };
  }

  async #heard(upload: Upload, verdict: Verdict): Promise<Verdict> {
    const { store, timers } = this.#p;
    if (verdict.kind === "done") {
      const { offset, answer } = verdict.body;
      const told = { begun: true, offset: typeof offset === "number" ? offset : upload.offset };
      await store.changeUpload(upload.id, typeof answer === "string" ? { ...told, answer } : told);
    } else if (verdict.kind === "refused") {
      const { status, code, detail } = verdict;
      await store.changeUpload(upload.id, { refusal: { status, code, detail, at: timers.now() } });
    }
    return verdict;
  }

  // ── the line ──

  async #ask(path: string, init: { method: string; body: BodyInit; headers?: Record<string, string> }): Promise<Answered | null> {
    const { timers } = this.#p;
    const gone = new AbortController();
    const cancel = timers.after(ANSWER_MS, () => gone.abort());
    const headers = { "content-type": "application/json", accept: "application/json", "x-hadir-account": this.#p.account, ...init.headers };
    const request: RequestInit = { ...init, headers, signal: gone.signal, credentials: "same-origin", redirect: "manual" };
    try {
      return await read(await this.#p.fetch(path, request), timers.now());
    } catch {
      return null;
    } finally {
      cancel();
    }
  }

  async #show(): Promise<void> {
    this.#p.changed(await this.#p.store.box());
  }

  /** Photos of drafts that are gone, and of entries that were put away. */
  async #tidy(): Promise<void> {
    const { store } = this.#p;
    const drafts = new Set((await store.drafts()).map((d) => d.key));
    for (const upload of orphans(await store.box(), drafts)) await store.dropUpload(upload.id);
  }
}

/**
 * To ask where an upload stands is no progress in itself: a line that takes questions and loses every piece is a bad
 * line. A piece of which some bytes got through before the line broke is progress, and the next one goes at once.
 */
function moved(step: Step, answer: Record<string, unknown>): boolean {
  return step.do !== "begin" || Number(answer["offset"]) > step.upload.offset;
}

/** The server stands elsewhere, or knows nothing of it any more: begin again, which says where it stands. */
const STALE: ReadonlySet<string> = new Set(["upload_offset", "no_such_upload", "upload_broken"]);

async function read(response: Response, now: number): Promise<Answered> {
  const type = response.headers.get("content-type") ?? "";
  const ours = /^application\/(problem\+)?json\b/.test(type);
  const body = ours ? ((await response.json()) as unknown) : null;
  return {
    status: response.status,
    body: body !== null && typeof body === "object" ? (body as Record<string, unknown>) : null,
    problem: type.startsWith("application/problem+json"),
    retryAfterMs: retryAfter(response.headers.get("retry-after"), now),
  };
}

function done(body: Record<string, unknown>): Outcome {
  const number = (key: string) => (typeof body[key] === "number" ? body[key] : null);
  const id = typeof body["id"] === "string" ? body["id"] : null;
  return { ok: true, position: number("position") ?? 0, version: number("version"), id, answer: body };
}
