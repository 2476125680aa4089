/**
 * What the page knows of its outbox: what waits, what was refused, how the line is. The machinery comes after the first
 * picture (`office.ts`); a press that is made before waits for it, a moment.
 */
import { untilLoaded } from "../core/again.ts";
import { commandId } from "../core/ids.ts";
import type { BoardAnswer } from "../core/types.ts";
import type { Line, Outcome } from "./courier.ts";
import type { Office } from "./office.ts";
import type { Box as Kept, Entry, Lane, Taken, Upload } from "./rules.ts";
import type { Draft } from "./store.ts";

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

  readonly waiting = $derived(this.kept.entries.filter((e) => e.refusal === null));
  readonly shelf = $derived(this.kept.entries.filter((e) => e.refusal !== null));

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
    this.kept = await office.box();
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
    const { courier } = await this.#office;
    await courier.add(entryOf(press), press.endsDraft);
    setTimeout(() => this.#resolve(id, WAITS), navigator.onLine ? PATIENCE_MS : 0);
    return answer;
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

function entryOf(press: Press): Omit<Entry, "seq"> {
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
