/**
 * The service worker: the pages of who works outdoors, kept for when there is no line.
 *
 * It never answers for the API. What may be old says so on the page (the age of the picture), so the only things kept
 * here are those that cannot be old: built files, whose names hold their digests, and the page around them, which is
 * asked for anew at every visit and taken from here only when nothing answers.
 *
 * An update never strands anybody. A new worker takes over at once and keeps the files of the version before it, so a
 * page that is open goes on finding its parts; the outbox is in the database, whose forms only grow.
 */
import type { Command } from "../actions/send.ts";
import type { Order } from "../core/types.ts";
import { DATABASE } from "../offline/idb.ts";
import { openOffice } from "../offline/office.ts";
import type { Office } from "../offline/office.ts";
import { listenForPush } from "./push.ts";
import type { Told } from "./told.ts";

declare const self: ServiceWorkerGlobalScope;

/** Put in by the build: for each face the files it can ever need, and a name for this set. */
declare const HADIR_FILES: { version: string; faces: Record<string, string[]>; english: string[] };

const FILES = "hadir-files-";
const PAGES = "hadir-pages";
/** The kept page comes when the line has said nothing for so long; a slow answer is still put by for the next time. */
const PATIENCE_MS = 4_000;
const SHELLS: Readonly<Record<string, string>> = { "/petugas": "petugas", "/pimpin": "pimpin", "/opd": "opd" };

const current = FILES + HADIR_FILES.version;

self.addEventListener("install", (e) => {
  e.waitUntil(renew().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (e) => {
  e.waitUntil(clean().then(() => self.clients.claim()));
});

self.addEventListener("message", (e) => {
  const told = e.data as Told;
  if (told.t === "keep") e.waitUntil(keep(told));
  else if (told.t === "forget") e.waitUntil(caches.delete(PAGES));
});

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (e.request.mode === "navigate" && url.pathname in SHELLS) e.respondWith(page(e, url.pathname));
  else if (url.pathname.startsWith("/assets/")) e.respondWith(file(e));
});

// ── the outbox, when no page is open ──

const offices = new Map<string, Promise<Office>>();
const officeOf = (account: string): Promise<Office> => {
  const known = offices.get(account) ?? openOffice(account, { changed: () => {}, answered: () => {}, line: () => {} });
  offices.set(account, known);
  return known;
};

self.addEventListener("sync", (e) => (e as unknown as ExtendableEvent).waitUntil(sendAll()));

/**
 * Everybody's: what is not of who is signed in now is refused as such by the server, and waits on. A page that is open
 * does it itself. What could not go is said to be undone, so that the browser calls again.
 */
async function sendAll(): Promise<void> {
  if ((await self.clients.matchAll({ type: "window" })).length > 0) return;
  for (const account of await accounts()) {
    const office = await officeOf(account);
    office.courier.nudge();
    if ((await office.settled()) === "waiting") throw new Error("the line is not back");
  }
}

async function accounts(): Promise<string[]> {
  const all = (await indexedDB.databases?.()) ?? [];
  return all.flatMap(({ name }) => (name?.startsWith(DATABASE) ? [name.slice(DATABASE.length)] : []));
}

async function say(account: string, command: Command, order: Order): Promise<void> {
  const office = await officeOf(account);
  const { path, body } = command;
  await office.courier.add({
    v: 1, id: body.command_id, path, body, row: order.id, incident: order.incident, patch: null, label: "",
    lane: "quick", carries: [], at: Date.now(), refusal: null,
  });
  await office.settled();
}

listenForPush(self as never, { keep: async (account, order) => (await officeOf(account)).keepOrder(order), say });

// ── built files ──

function filesOf(face: string, english: boolean): string[] {
  return [...(HADIR_FILES.faces[face] ?? []), ...(english ? HADIR_FILES.english : [])].map((name) => `/assets/${name}`);
}

async function fetchAll(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(current);
  const had = new Set((await cache.keys()).map((r) => new URL(r.url).pathname));
  await Promise.all(urls.filter((url) => !had.has(url)).map((url) => cache.add(url)));
}

/** A face that was kept in the version before is kept in this one, before this one takes over. */
async function renew(): Promise<void> {
  const pages = await caches.open(PAGES);
  const kept = (await pages.keys()).map((r) => new URL(r.url).pathname).filter((path) => path in SHELLS);
  const english = (await self.clients.matchAll()).length > 0 && (await anyEnglish());
  await fetchAll(kept.flatMap((path) => filesOf(SHELLS[path]!, english)));
}

async function anyEnglish(): Promise<boolean> {
  const names = await caches.keys();
  for (const name of names.filter((n) => n.startsWith(FILES))) {
    const files = await (await caches.open(name)).keys();
    if (files.some((r) => r.url.includes("english"))) return true;
  }
  return false;
}

/** Of the sets of files this one and the one before stay. */
async function clean(): Promise<void> {
  const older = (await caches.keys()).filter((n) => n.startsWith(FILES) && n !== current);
  await Promise.all(older.slice(0, -1).map((n) => caches.delete(n)));
}

async function file(e: FetchEvent): Promise<Response> {
  const kept = await caches.match(e.request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(e.request);
  // A name with a digest; others are asked for each time.
  if (answer.ok && /-[\w-]{8}\.\w+$/.test(new URL(e.request.url).pathname)) await (await caches.open(current)).put(e.request, answer.clone());
  return answer;
}

// ── pages ──

/** The first visit of a page was none of ours: it hands its document over, and only the headers are asked for. */
async function keep(told: { face: string; shell: string; lang: string; page: string }): Promise<void> {
  const pages = await caches.open(PAGES);
  if (!(await pages.match(told.shell))) {
    const { ok, redirected, headers } = await fetch(told.shell, { method: "HEAD" });
    if (ok && !redirected) await pages.put(told.shell, new Response(`<!doctype html>${told.page}`, { headers: kept(headers) }));
  }
  await fetchAll(filesOf(told.face, told.lang === "en"));
}

/** What does not hold for a document that is taken from here. */
function kept(headers: Headers): Headers {
  const copy = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) copy.delete(name);
  return copy;
}

async function put(path: string, answer: Response): Promise<void> {
  if (answer.ok && !answer.redirected) await (await caches.open(PAGES)).put(path, answer);
}

/** A document that a breaking line cut off would be shown as it is, blank: it fails here instead. */
async function whole(answer: Response): Promise<Response> {
  if (answer.type !== "basic" || answer.redirected) return answer;
  const { status, statusText } = answer;
  return new Response(await answer.blob(), { status, statusText, headers: kept(answer.headers) });
}

/** The line first; the kept page when it is dead, silent, or has only an error to say. */
async function page(e: FetchEvent, path: string): Promise<Response> {
  const kept = await (await caches.open(PAGES)).match(path, { ignoreVary: true });
  const asked = fetch(e.request).then(whole).then((answer) => {
    if (answer.ok) e.waitUntil(put(path, answer.clone()));
    return answer;
  });
  if (!kept) return asked;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  const answer = await Promise.race([asked, late]).catch(() => null);
  e.waitUntil(asked.catch(() => null));
  return answer && answer.status < 500 ? answer : kept;
}
