/**
 * One sender for a browser: tabs and the service worker take turns.
 *
 * With Web Locks the browser keeps the turn and passes it on when a tab dies. A tab that a phone has frozen keeps its
 * lock and says nothing; after a minute of silence a tab that is looked at takes it away. Without Web Locks a lease in
 * the same database does: renewed while it is held, over when its holder is gone. Should both send for a moment all the
 * same, nothing happens twice: ids are the same in every tab.
 */
import type { Db } from "./idb.ts";

export type Alone = (work: (held: () => boolean) => Promise<void>) => Promise<void>;

const SILENCE_MS = 60_000;
const LEASE_MS = 20_000;
const RENEW_MS = 5_000;

/** `heardAt`: when another tab was last heard sending, ms. */
export function byLock(name: string, heardAt: () => number, visible: () => boolean): Alone {
  const request = (steal: boolean, work: (held: () => boolean) => Promise<void>): Promise<void> => {
    let held = true;
    return navigator.locks
      .request(name, { steal }, () => work(() => held))
      .catch((error: unknown) => {
        held = false;
        if (!(error instanceof DOMException) || error.name !== "AbortError") throw error;
      }) as Promise<void>;
  };
  return async (work) => {
    const began = Date.now();
    let running = false;
    const once = async (held: () => boolean): Promise<void> => {
      if (running) return;
      running = true;
      await work(held);
    };
    const silent = setInterval(() => {
      if (!running && visible() && Date.now() - Math.max(began, heardAt()) > SILENCE_MS) void request(true, once);
    }, RENEW_MS);
    await request(false, once).finally(() => clearInterval(silent));
  };
}

export function byLease(open: () => Promise<Db>, name: string, holder: string): Alone {
  const take = async (ms: number): Promise<boolean> => {
    const tx = (await open()).transaction("lease", "readwrite");
    const now = Date.now();
    const lease = await tx.store.get(name);
    const free = !lease || lease.holder === holder || lease.until <= now;
    if (free) await tx.store.put({ name, holder, until: now + ms });
    await tx.done;
    return free;
  };
  return async (work) => {
    while (!(await take(LEASE_MS))) await new Promise((go) => setTimeout(go, RENEW_MS));
    let until = Date.now() + LEASE_MS;
    const renewing = setInterval(() => void take(LEASE_MS).then((mine) => mine && (until = Date.now() + LEASE_MS)), RENEW_MS);
    await work(() => Date.now() < until).finally(() => clearInterval(renewing));
    await take(0);
  };
}
