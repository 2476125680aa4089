/**
 * The outbox of one account in this browser, put together: database, turn, courier, and the word between tabs.
 * Loaded after the first picture; the page's own part is `box.svelte.ts`. Also runs in the service worker.
 */
import { realTimers } from "../live/backoff.ts";
import type { BoardAnswer, Order } from "../core/types.ts";
import { byLease, byLock } from "./alone.ts";
import type { Alone } from "./alone.ts";
import { Courier } from "./courier.ts";
import type { Line, Outcome } from "./courier.ts";
import { databaseOf, idbStore, lastPicture, opener, savePicture } from "./idb.ts";
import type { Snapshot } from "./idb.ts";
import type { Box, Entry } from "./rules.ts";
import { memoryStore } from "./store.ts";
import type { Store } from "./store.ts";

export interface Office {
  courier: Courier;
  store: Store;
  savePicture: (answer: BoardAnswer, heardAt: number) => Promise<void>;
  lastPicture: () => Promise<Snapshot | null>;
  keepOrder: (order: Order) => Promise<void>;
  /** Resolves, once it next is so, when nothing is to be done for now: all sent, or the line is not there. */
  settled: () => Promise<Line["state"]>;
  forget: () => Promise<void>;
  box: () => Promise<Box>;
}

export interface Ears {
  changed: (box: Box) => void;
  answered: (entry: Entry, outcome: Outcome) => void;
  line: (line: Line) => void;
}

type Message = { t: "changed" } | { t: "kick" } | { t: "answered"; entry: Entry; outcome: Outcome } | { t: "line"; line: Line };

/** Where the browser gives us no database (a private window of an old one) the outbox lives as long as the page. */
export async function openOffice(account: string, ears: Ears): Promise<Office> {
  const open = opener(account);
  const kept = await open().then(() => true, () => false);
  const store = kept ? idbStore(open) : memoryStore();
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(databaseOf(account)) : null;
  const tell = (message: Message) => channel?.postMessage(message);
  let heardAt = 0;
  const settling: ((state: Line["state"]) => void)[] = [];
  const rest = ({ state }: Line): void => {
    if (state !== "sending") for (const go of settling.splice(0)) go(state);
  };
  const courier: Courier = new Courier({
    store,
    account,
    fetch: (path, init) => fetch(path, init),
    timers: realTimers,
    alone: turns(account, kept ? open : null, () => heardAt),
    changed: (box) => (ears.changed(box), tell({ t: "changed" })),
    answered: (entry, outcome) => (ears.answered(entry, outcome), tell({ t: "answered", entry, outcome })),
    line: (line) => (rest(line), ears.line(line), tell({ t: "line", line })),
    told: () => tell({ t: "kick" }),
  });
  if (channel) {
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      heardAt = Date.now();
      if (data.t === "changed") void store.box().then(ears.changed);
      else if (data.t === "answered") ears.answered(data.entry, data.outcome);
      else if (data.t === "line") {
        rest(data.line);
        ears.line(data.line);
      } else courier.nudge();
    };
  }
  return {
    courier,
    store,
    box: () => store.box(),
    savePicture: (answer, at) => (kept ? savePicture(open, answer, at) : Promise.resolve()),
    lastPicture: () => (kept ? lastPicture(open) : Promise.resolve(null)),
    keepOrder: async (order) => void (await (await open()).put("orders", order)),
    settled: () => new Promise((resolve) => settling.push(resolve)),
    forget: async () => void (kept && (await Promise.all([(await open()).clear("pictures"), (await open()).clear("orders")]))),
  };
}

function turns(account: string, open: (() => ReturnType<ReturnType<typeof opener>>) | null, heardAt: () => number): Alone {
  const name = `hadir-outbox-${account}`;
  const visible = () => "document" in globalThis && document.visibilityState === "visible";
  if ("locks" in navigator) return byLock(name, heardAt, visible);
  if (open) return byLease(open, name, crypto.randomUUID?.() ?? String(Math.random()));
  return (work) => work(() => true);
}
