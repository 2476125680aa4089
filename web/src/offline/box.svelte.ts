/**
 * What the page knows of its outbox: what waits, what was refused, how the line is. The machinery comes after the first
 * picture (`office.ts`); a press that is made before waits for it, put down where it survives the page (`early.ts`).
 */
import { untilLoaded } from "../core/again.ts";
import { commandId } from "../core/ids.ts";
import type { BoardAnswer } from "../core/types.ts";
import type { Line, Outcome } from "./courier.ts";
import { dropEarly, earlyOf, isEarly, keepEarly } from "./early.ts";
import type { Office } from "./office.ts";
import type { Box as Kept, Entry, Lane, Taken, Upload } from "./rules.ts";
import type { Draft, NewEntry } from "./store.ts";

export type { Outcome } from "./courier.ts";

export interface Press {
  command: { path: string; body: Record<string, unknown> & { command_id: string } };
  row: string;
  incident?: string | null;
  patch: Record<string, unknown> | null;
  label: string;
  lane?: Lane;
  /** Uploads of this phone, to be named in this list of the body. */
  photos?: readonly string[];
  /** An upload of this phone that the body names as its voice. */
  voice?: string;
  endsDraft?: string;
}

/** So long a press may take before the page goes on without its answer; the outbox has it either way. */
const PATIENCE_MS = 6_000;
/** Why something waits: there is no line; the server takes nothing for now; its disk is full. */
export type Waits = "waiting" | "held" | "full";
export const WAITS: Outcome = { ok: false, status: 0, code: "offline", detail: "" };

export class Box {
  readonly #account: string;
  #opened: Promise<Office> | null = null;
  readonly #asked = new Map<string, (outcome: Outcome) => void>();
  readonly #listeners = new Set<(entry: Entry, outcome: Outcome) => void>();
  #onWaiting = () => {};
  /** Of this spell without a line. */
  #told = false;
  kept = $state.raw<Kept>({ entries: [], uploads: [] });
  line = $state.raw<Line>({ state: "idle" });
  /** As the browser says: «false» is certain, «true» is only a hope. */
  online = $state(navigator.onLine);
  /** False: the browser keeps nothing, so that closing the page loses what waits. */
  lasting = $state(true);

  /** Pressed before the machinery was there. */
  #early = $state.raw<Entry[]>([]);
  #ready = false;

  readonly waiting = $derived([
    ...this.kept.entries.filter((e) => e.refusal === null),
    ...this.#early.filter((e) => !this.kept.entries.some(({ id }) => id === e.id)),
  ]);
  readonly shelf = $derived(this.kept.entries.filter((e) => e.refusal !== null));

  /** Null while what waits is on its way. */
  readonly why: Waits | null = $derived.by(() => {
    const { line } = this;
    if (line.state === "waiting" && line.status >= 500) return line.code === "disk_full" ? "full" : "held";
    return line.state === "waiting" || !this.online ? "waiting" : null;
  });

  constructor(account: string) {
    this.#account = account;
    addEventListener("online", () => void (this.online = true, this.kick()));
    addEventListener("offline", () => (this.online = false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void this.kick());
  }

  /** Comes after the first picture, or with the first press. */
  get #office(): Promise<Office> {
    return (this.#opened ??= this.#open());
  }

  async #open(): Promise<Office> {
    const { openOffice } = await untilLoaded(() => import("./office.ts"));
    const office = await openOffice(this.#account, {
      changed: (box) => (this.kept = box),
      answered: (entry, outcome) => this.#answered(entry, outcome),
      line: (line) => this.#line(line),
    });
    this.lasting = office.store.lasting;
    for (const { entry, endsDraft } of earlyOf(this.#account)) {
      await office.courier.add(entry, endsDraft);
      dropEarly(this.#account, entry.id);
    }
    this.kept = await office.box();
    this.#ready = true;
    office.courier.kick();
    return office;
  }

  async kick(): Promise<void> {
    (await this.#office).courier.kick();
  }

  onAnswer(run: (entry: Entry, outcome: Outcome) => void): void {
    this.#listeners.add(run);
  }

  /** Kept first, then sent. Resolves with the answer, or with `WAITS` when the line is not there. */
  async press(press: Press): Promise<Outcome> {
    const id = press.command.body.command_id;
    const answer = new Promise<Outcome>((resolve) => this.#asked.set(id, resolve));
    const put = this.#put(entryOf(press), press.endsDraft);
    if (!isEarly(this.#account, id)) await put;
    setTimeout(() => this.#resolve(id, WAITS), navigator.onLine ? PATIENCE_MS : 0);
    return answer;
  }

  async #put(entry: NewEntry, endsDraft?: string): Promise<void> {
    const early = !this.#ready && keepEarly(this.#account, { entry, ...(endsDraft ? { endsDraft } : {}) });
    if (!this.#ready) this.#early = [...this.#early, { ...entry, seq: Infinity }];
    const { courier } = await this.#office;
    // Taken over when the outbox was opened, by this tab or another; or put down too late for that.
    if (!early || isEarly(this.#account, entry.id)) await courier.add(entry, endsDraft);
    if (early) dropEarly(this.#account, entry.id);
    this.#early = this.#early.filter(({ id }) => id !== entry.id);
  }

  async attach(bytes: Uint8Array<ArrayBuffer>, type: string, draft: string, taken: Taken | null): Promise<string> {
    const id = commandId();
    const upload: Omit<Upload, "seq"> = {
      v: 1, id, type, size: bytes.length, sha256: await sha256(bytes), taken, draft,
      at: Date.now(), begun: false, offset: 0, answer: null, refusal: null,
    };
    await (await this.#office).courier.attach(upload, bytes);
    return id;
  }

  async bytes(upload: string): Promise<Uint8Array | null> {
    return (await this.#office).store.bytes(upload);
  }
  async draft(key: string): Promise<Draft | null> {
    return (await (await this.#office).store.drafts()).find((d) => d.key === key) ?? null;
  }
  async putDraft(draft: Draft): Promise<void> {
    await (await this.#office).courier.putDraft(draft);
  }

  async retry(entry: Entry): Promise<void> {
    await (await this.#office).courier.retry(entry);
  }
  async putAway(entry: Entry): Promise<void> {
    await (await this.#office).courier.putAway(entry);
  }

  async savePicture(answer: BoardAnswer, heardAt: number): Promise<void> {
    await (await this.#office).savePicture(answer, heardAt);
  }
  async lastPicture() {
    return (await this.#office).lastPicture();
  }

  /** His last picture goes; the outbox stays. */
  async forget(): Promise<void> {
    await (await this.#office).forget();
  }

  onWaiting(run: () => void): void {
    this.#onWaiting = run;
  }

  #answered(entry: Entry, outcome: Outcome): void {
    this.#resolve(entry.id, outcome);
    for (const run of this.#listeners) run(entry, outcome);
  }

  #line(line: Line): void {
    this.line = line;
    if (line.state === "waiting" && !this.#told) this.#onWaiting();
    this.#told = line.state === "waiting" || (this.#told && line.state === "sending");
    const dead = line.state === "signed_out" || (line.state === "waiting" && !navigator.onLine);
    if (dead) for (const id of [...this.#asked.keys()]) this.#resolve(id, WAITS);
  }

  #resolve(id: string, outcome: Outcome): void {
    this.#asked.get(id)?.(outcome);
    this.#asked.delete(id);
  }
}

function entryOf(press: Press): NewEntry {
  const { command, row, incident = null, patch, label, photos = [], voice } = press;
  const { path, body } = command;
  const spoken = voice ? [{ field: "voice", upload: voice, list: false }] : [];
  const carries = [...photos.map((upload) => ({ field: "photos", upload, list: true })), ...spoken];
  const lane = press.lane ?? laneOf(path, body);
  return { v: 1, id: body.command_id, path, body, row, incident, patch, label, lane, carries, at: Date.now(), refusal: null };
}

/** An emergency goes first of all; the steps of an order have clocks of seconds. */
export function laneOf(path: string, body: Record<string, unknown>): Lane {
  if (/^\/api\/v1\/units\/[^/]+\/(emergency|alarm)$/.test(path) || body["status"] === "urgent") return "urgent";
  return path.startsWith("/api/v1/orders/") ? "quick" : "plain";
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((b) => b.toString(16).padStart(2, "0")).join("");
}
