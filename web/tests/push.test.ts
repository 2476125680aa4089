import { describe, expect, it } from "vitest";
import type { Command } from "../src/actions/send.ts";
import type { Order } from "../src/core/types.ts";
import { bytesOf, standing } from "../src/faces/push.ts";
import type { Here } from "../src/faces/push.ts";
import { lines, newest } from "../src/faces/sent.ts";
import type { Notice, Tried } from "../src/faces/sent.ts";
import { listenForPush, rungOf } from "../src/sw/push.ts";
import type { Page, Rung, Worker } from "../src/sw/push.ts";

const order = { id: "01J", to: "petugas-1", state: "sent", version: 1, said_version: 1 } as unknown as Order;
const rung: Rung = {
  v: 1, id: "n1", for: "petugas-1", says: "order_sent", title: "Perintah: Evakuasi warga", body: "Plosokerep", url: "/petugas#/order/01J",
  about: "orders/01J", topic: "order/orders/01J", loud: true, at: "2026-01-07T14:00:00Z", until: "2026-01-07T14:30:00Z", row: order,
};

function world(pages: Page[] = []) {
  const log: string[] = [];
  const said: Command[] = [];
  const listeners = new Map<string, (event: never) => void>();
  const sw: Worker = {
    addEventListener: (type, listener) => void listeners.set(type, listener),
    registration: {
      showNotification: async (title, o) => void log.push(`show ${title} ${o.tag} ${o.requireInteraction}`),
      pushManager: { subscribe: async () => ({ toJSON: () => ({ endpoint: "https://new" }) }) },
    },
    clients: { matchAll: async () => pages, openWindow: async (url) => void log.push(`open ${url}`) },
    fetch: async (path, init) => (log.push(`${path} ${init.body as string}`), new Response("{}")),
  };
  const keeper = {
    keep: async (who: string) => void log.push(`keep ${who}`),
    say: async (_who: string, command: Command) => (log.push(`say ${command.path}`), void said.push(command)),
  };
  listenForPush(sw, keeper);
  const fire = async (type: string, event: object): Promise<void> => {
    const works: Promise<unknown>[] = [];
    listeners.get(type)!({ ...event, waitUntil: (work: Promise<unknown>) => works.push(work) } as never);
    await Promise.all(works);
  };
  return { log, said, fire, keeper, sw };
}
const pushed = (told: unknown) => ({ data: { text: () => (typeof told === "string" ? told : JSON.stringify(told)) } });

describe("what comes by push", () => {
  it("is shown, said to be here, and an order is delivered only after it was kept", async () => {
    const w = world();
    await w.fire("push", pushed(rung));
    expect(w.log[0]).toBe("show Perintah: Evakuasi warga order/orders/01J true");
    expect(w.log).toContain('/api/v1/push/received {"id":"n1"}');
    expect(w.log.indexOf("keep petugas-1")).toBeLessThan(w.log.indexOf("say /api/v1/orders/01J/deliver"));
    expect(w.said[0]!.body["said_version"]).toBe(1);
  });

  it("delivers nothing that could not be kept, and shows it all the same", async () => {
    const w = world();
    w.keeper.keep = async () => Promise.reject(new Error("quota"));
    await w.fire("push", pushed(rung));
    expect(w.log[0]).toMatch(/^show/);
    expect(w.said).toEqual([]);
  });

  it("delivers no order that is further on, and none that brought no row", async () => {
    const w = world();
    await w.fire("push", pushed({ ...rung, row: { ...order, state: "seen" } }));
    await w.fire("push", pushed({ ...rung, row: undefined }));
    expect(w.said).toEqual([]);
  });

  it.each(["", "{", "[]", "null", JSON.stringify({ ...rung, v: 2 }), JSON.stringify({ ...rung, url: "//evil.example" })])(
    "shows something even when it is not ours: %s", async (text) => {
      const w = world();
      await w.fire("push", pushed(text));
      expect(rungOf(text)).toBeNull();
      expect(w.log).toEqual(["show Hadir hadir undefined"]);
    });
});

describe("a press on it", () => {
  const click = { notification: { close: () => {}, data: { url: rung.url } } };
  it("leads the open page there", async () => {
    const went: string[] = [];
    const page: Page = { url: "https://h.example/petugas?x=1", focus: async () => page, navigate: async (url) => void went.push(url) };
    const w = world([page]);
    await w.fire("notificationclick", click);
    expect([went, w.log]).toEqual([[rung.url], []]);
  });

  it("opens one when none is open, or the open one cannot be led", async () => {
    const w = world();
    await w.fire("notificationclick", click);
    const stubborn: Page = { url: "https://h.example/petugas", focus: async () => stubborn, navigate: () => Promise.reject(new TypeError()) };
    const other = world([stubborn]);
    await other.fire("notificationclick", click);
    expect([w.log, other.log]).toEqual([[`open ${rung.url}`], [`open ${rung.url}`]]);
  });
});

it("a changed address is told to the server", async () => {
  const w = world();
  await w.fire("pushsubscriptionchange", { oldSubscription: { options: {} } });
  expect(w.log).toEqual(['/api/v1/push/subscriptions {"endpoint":"https://new"}']);
});

describe("what this phone can do", () => {
  const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
  const android: Here = {
    agent: "Mozilla/5.0 (Linux; Android 14) Chrome/140", touches: 5, secure: true, standalone: false, able: true, permission: "default", subscribed: false,
  };
  it.each<[string, Partial<Here>, string]>([
    ["not asked yet", {}, "off"],
    ["allowed and subscribed", { permission: "granted", subscribed: true }, "on"],
    ["allowed for somebody else", { permission: "granted" }, "off"],
    ["forbidden", { permission: "denied", subscribed: true }, "denied"],
    ["no push in it", { able: false }, "unsupported"],
    ["plain http", { secure: false, able: false }, "insecure"],
    ["iPhone in Safari", { agent: IPHONE, able: false }, "install"],
    ["iPhone in another browser", { agent: IPHONE.replace("Version", "CriOS/140 Version"), able: false }, "install_elsewhere"],
    ["iPhone from the Home Screen", { agent: IPHONE, standalone: true }, "off"],
    ["an old iPhone from the Home Screen", { agent: IPHONE, standalone: true, able: false }, "unsupported"],
    ["iPad that calls itself a Mac", { agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605", able: false }, "install"],
    ["a Mac", { agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605", touches: 0 }, "off"],
  ])("%s", (_what, change, is) => expect(standing({ ...android, ...change })).toBe(is));

  it("reads the server's key", () => expect([...bytesOf("BP_-")]).toEqual([4, 255, 254]));
});

describe("how an order was brought", () => {
  const at = "2026-01-07T07:02:00Z";
  const notice = (attempts: Tried[], more: Partial<Notice> = {}): Notice => ({
    id: "n1", to: "petugas-1", to_name: "Petugas 1", says: "order_sent", delivered_at: null, attempts, ...more,
  });
  const tried = (channel: string, state: Tried["state"], detail = ""): Tried => ({ channel, state, at, detail });

  it("says each channel once, by the best of its devices", () => {
    const told = lines(notice([tried("push", "failed", "gone"), tried("push", "sent"), tried("sms", "sent")]));
    expect(told.map((l) => [l.key, l.params.channel, l.bad])).toEqual([["sent.sent", "push", false], ["sent.sent", "sms", false]]);
  });
  it("says why it failed, in words that there are", () => {
    expect(lines(notice([tried("sms", "failed", "bad_number")]))[0]!.params.why).toBe("bad_number");
    expect(lines(notice([tried("sms", "failed", "http_403")]))[0]!.params.why).toBe("other");
  });
  it("says that it arrived, and that nobody can be reached", () => {
    expect(lines(notice([tried("push", "sent")], { delivered_at: at })).at(-1)!.key).toBe("sent.delivered");
    expect(lines(notice([]))).toEqual([{ key: "sent.nobody", params: {}, bad: true }]);
  });
  it("speaks of the newest notice of that person", () => {
    const all = [notice([], { id: "old" }), notice([], { id: "new", says: "order_corrected" }), notice([], { id: "x", to: "other" })];
    expect(newest(all, "petugas-1")!.id).toBe("new");
    expect(newest(all, "nobody")).toBeNull();
  });
});
