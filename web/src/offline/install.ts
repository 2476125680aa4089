/** The service worker: brought in after the page is there, told which face to keep, told when its owner signs out. */
import type { Told } from "../sw/told.ts";
import type { Box } from "./box.svelte.ts";

/** Faces that are kept for use without a line; `/pusat` is a desk with a cable. */
const FACES: Readonly<Record<string, string>> = { "/petugas": "petugas", "/pimpin": "pimpin", "/opd": "opd" };

export async function install(box: Box, lang: string, page: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => null);
  if (!registration) return;
  const shell = location.pathname;
  const face = FACES[shell];
  const active = await ours(registration);
  const tell = (message: Told) => active?.postMessage(message);
  if (face) tell({ t: "keep", face, shell, lang, page });
  // His picture and his page go; what he pressed and is not sent yet waits for him.
  addEventListener("submit", (e) => {
    if (!(e.target as HTMLFormElement).action.endsWith("/keluar")) return;
    tell({ t: "forget" });
    void box.forget();
  });
  // Where the browser can do it, what waits also goes when the page is closed (Chrome on Android).
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } }).sync;
  box.onWaiting(() => void sync?.register("outbox").catch(() => null));
}

/** This phone may have had the citizens' worker at the same address: ours is the one that comes now. */
async function ours(registration: ServiceWorkerRegistration): Promise<ServiceWorker | null> {
  const coming = registration.installing ?? registration.waiting;
  if (coming?.scriptURL.endsWith("/sw.js") && coming.state !== "activated") {
    await new Promise<void>((done) => {
      coming.addEventListener("statechange", () => ["activated", "redundant"].includes(coming.state) && done());
    });
  }
  return (await navigator.serviceWorker.ready).active;
}
