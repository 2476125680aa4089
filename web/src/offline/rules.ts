/**
 * The rules of the outbox, pure: what waits, what goes next, what an answer means. No clock, no storage, no network.
 *
 * - An entry is one press: a command with the id it got when it was pressed. It leaves the outbox only when the server
 *   has answered; what the rules refuse stays on the shelf with everything in it, until its owner puts it away.
 * - Entries go in the order they were pressed, one at a time. Two exceptions, both because somebody's life or a clock of
 *   seconds waits: an urgent entry goes first of all, and while the photos of the first entry are still going up,
 *   entries that carry nothing and are marked `quick` (an order's receipts) go past it. Whoever goes past takes the
 *   earlier entries about the same thing along, before him: about one thing the order is never changed.
 * - A photo is an upload with an id of its own. Its command waits until the server has all of it.
 */

export type Lane = "urgent" | "quick" | "plain";
const RANK: Record<Lane, number> = { urgent: 0, quick: 1, plain: 2 };

export interface Refusal {
  status: number;
  code: string;
  /** The server's sentence, in the person's language. */
  detail: string;
  /** ms of this phone's clock. */
  at: number;
}

export interface Entry {
  /** Version of this form: an outbox made by an older version of the page is still sent by a newer one. */
  v: 1;
  /** Given by the store: the order of presses on this phone, over all tabs. */
  seq: number;
  /** The command's id, made when it was pressed. */
  id: string;
  path: string;
  body: Record<string, unknown>;
  /** The thing it is about: a row of the board. */
  row: string;
  /** The incident it belongs to, where there is one: what was refused can still be told there. */
  incident: string | null;
  /** How the row looks until the server's own fact has come. */
  patch: Record<string, unknown> | null;
  /** What was pressed, in the person's words. */
  label: string;
  lane: Lane;
  /** Uploads that have to be up first, by the field of the body that will name them. */
  carries: Carried[];
  /** ms of this phone's clock. */
  at: number;
  refusal: Refusal | null;
}

/** `list`: the field is a list and the answer is added to it; else it is the answer. */
export interface Carried {
  field: string;
  upload: string;
  list: boolean;
}

/** As `domain.evidence.Taken` of the server: all of it is only the phone's word. */
export interface Taken {
  device_at: string;
  lat?: number;
  lon?: number;
  accuracy_m?: number;
  source: "camera" | "gallery" | null;
  reduced: boolean;
}

export interface Upload {
  v: 1;
  seq: number;
  /** Made on the phone. */
  id: string;
  type: string;
  size: number;
  /** Of all its bytes, hexadecimal. */
  sha256: string;
  /** What the phone says of a photo: when, where and how it was taken. */
  taken: Taken | null;
  /** What the photo belongs to while no command names it yet: the draft it was taken for. */
  draft: string;
  at: number;
  /** The server knows of it. */
  begun: boolean;
  /** Bytes that the server said it has. */
  offset: number;
  /** The id that commands name it by, once all of it is there. */
  answer: string | null;
  refusal: Refusal | null;
}

export interface Box {
  /** By `seq`. */
  entries: readonly Entry[];
  uploads: readonly Upload[];
}



export type Step =
  | { do: "send"; entry: Entry; body: Record<string, unknown> }
  | { do: "begin"; upload: Upload }
  | { do: "piece"; upload: Upload }
  /** A photo it carries was refused for good, or is gone from this phone: the entry cannot be sent as it was meant. */
  | { do: "shelve"; entry: Entry; refusal: Refusal };

export const waiting = (box: Box): Entry[] => box.entries.filter((e) => e.refusal === null);
export const shelved = (box: Box): Entry[] => box.entries.filter((e) => e.refusal !== null);

function uploadsOf(entry: Entry, box: Box): (Upload | undefined)[] {
  return entry.carries.map((c) => box.uploads.find((u) => u.id === c.upload));
}

/** The body with the server's names of what it carries; null while one of them is not up. */
export function ready(entry: Entry, box: Box): Record<string, unknown> | null {
  const body = { ...entry.body };
  for (const { field, upload, list } of entry.carries) {
    const answer = box.uploads.find((u) => u.id === upload)?.answer;
    if (!answer) return null;
    body[field] = list ? [...((body[field] as unknown[] | undefined) ?? []), answer] : answer;
  }
  return body;
}

function spoiled(entry: Entry, box: Box): Refusal | null {
  for (const upload of uploadsOf(entry, box)) {
    if (upload === undefined) return { status: 0, code: "photo_gone", detail: "", at: entry.at };
    if (upload.refusal) return upload.refusal;
  }
  return null;
}

/** The first entry about the same thing: nothing overtakes within one thing. */
const firstOf = (entries: readonly Entry[], row: string): Entry => entries.find((e) => e.row === row)!;

function overtaking(entries: readonly Entry[], head: Entry, box: Box): Entry | null {
  const fast = entries.find((e) => e.lane === "quick" && e.row !== head.row);
  const first = fast ? firstOf(entries, fast.row) : null;
  return first && ready(first, box) ? first : null;
}

function pick(entries: readonly Entry[], box: Box): Entry {
  const urgent = entries.find((e) => RANK[e.lane] === 0);
  const head = urgent ? firstOf(entries, urgent.row) : entries[0]!;
  return ready(head, box) || spoiled(head, box) ? head : (overtaking(entries, head, box) ?? head);
}

function uploading(upload: Upload): Step {
  return { do: upload.begun ? "piece" : "begin", upload };
}

/** What is to be done now; null: nothing waits. One step is one request. */
export function next(box: Box): Step | null {
  const entries = waiting(box);
  if (entries.length === 0) {
    const upload = box.uploads.find((u) => !u.answer && !u.refusal);
    return upload ? uploading(upload) : null;
  }
  const entry = pick(entries, box);
  const refusal = spoiled(entry, box);
  if (refusal) return { do: "shelve", entry, refusal };
  const body = ready(entry, box);
  if (body) return { do: "send", entry, body };
  return uploading(uploadsOf(entry, box).find((u) => !u!.answer)!);
}

/** Uploads that nothing will ever name: neither a draft that is still open nor an entry. */
export function orphans(box: Box, drafts: ReadonlySet<string>): Upload[] {
  const named = new Set(box.entries.flatMap((e) => e.carries.map((c) => c.upload)));
  return box.uploads.filter((u) => !named.has(u.id) && !drafts.has(u.draft));
}

// ── what an answer means ──

export interface Answered {
  status: number;
  /** Was it our server's own document (not a hotel's login page, not a proxy's)? */
  body: Record<string, unknown> | null;
  problem: boolean;
  retryAfterMs: number | null;
}

export type Verdict =
  | { kind: "done"; body: Record<string, unknown> }
  | { kind: "refused"; status: number; code: string; detail: string }
  | { kind: "signed_out" }
  /** `code`: what our own server said, where it did. */
  | { kind: "later"; afterMs: number | null; status: number; code: string };

/** Refusals that say «not now» though their number says «no». */
const NOT_NOW: ReadonlySet<string> = new Set(["too_busy"]);
const LATER: ReadonlySet<number> = new Set([408, 421, 423, 425, 429]);

/**
 * Done and refused only by our own server's word. Anything else that calls itself an answer (a portal's page with 200, a
 * proxy's 403, a 404 while a new version is being put in place) says nothing about the command: it is asked again.
 * `must`: a number that every answer of ours to this question holds.
 */
export function judge(answer: Answered | null, must: "position" | "offset"): Verdict {
  if (answer === null) return { kind: "later", afterMs: null, status: 0, code: "" };
  const { status, body, problem, retryAfterMs: afterMs } = answer;
  if (status >= 200 && status < 300 && typeof body?.[must] === "number") return { kind: "done", body };
  if (!problem || body === null) return { kind: "later", afterMs, status, code: "" };
  if (status === 401) return { kind: "signed_out" };
  const code = text(body, "code") || `http_${status}`;
  const lasting = status >= 400 && status < 500 && !LATER.has(status) && !NOT_NOW.has(code);
  if (!lasting) return { kind: "later", afterMs, status, code };
  return { kind: "refused", status, code, detail: text(body, "detail") || text(body, "title") };
}

function text(body: Record<string, unknown>, key: string): string {
  return typeof body[key] === "string" ? body[key] : "";
}

/** Retry-After: seconds, or a date. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (header.trim() !== "" && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
