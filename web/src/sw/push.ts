/**
 * The service worker's part of push: shows what came, says that it came, and leads to it.
 *
 * What came is shown in every case: a browser that gets a push and shows nothing takes the permission away. An order
 * brings its row; «delivered» is said for it only once the row has been kept, by a command like any other.
 */
import { deliver } from "../actions/order/deliver.ts";
import type { Command } from "../actions/send.ts";
import type { Order } from "../core/types.ts";

/** The payload; `outbound/push/telling.py` makes it. */
export interface Rung {
  v: 1;
  id: string;
  /** The account it is for. */
  for: string;
  says: string;
  title: string;
  body: string;
  /** A path of ours. */
  url: string;
  about: string;
  topic: string;
  loud: boolean;
  at: string;
  until: string;
  row?: Order;
}

export interface Keeper {
  /** Resolves once the order survives the death of this worker. */
  keep(account: string, order: Order): Promise<void>;
  /** Brings a command to the server: through the outbox, so that it is not lost when the line is. */
  say(account: string, command: Command, order: Order): Promise<void>;
}

/** The little of a service worker that is used here; its own types do not go together with a page's. */
export interface Worker {
  addEventListener(type: string, listener: (event: never) => void): void;
  registration: {
    showNotification(title: string, options: NotificationOptions): Promise<void>;
    pushManager: { subscribe(options: unknown): Promise<{ toJSON(): unknown }> };
  };
  clients: {
    matchAll(options: object): Promise<readonly Page[]>;
    openWindow(url: string): Promise<unknown>;
  };
  fetch(path: string, init: RequestInit): Promise<Response>;
}
export interface Page {
  url: string;
  focus(): Promise<Page>;
  navigate(url: string): Promise<unknown>;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
type Pushed = Lasting & { data: { text(): string } | null };
type Clicked = Lasting & { notification: { close(): void; data: { url?: string } | null } };
type Changed = Lasting & { oldSubscription: { options: unknown } | null };

export function listenForPush(sw: Worker, keeper: Keeper): void {
  sw.addEventListener("push", (event: Pushed) => event.waitUntil(ring(sw, keeper, event.data?.text() ?? "")));
  sw.addEventListener("notificationclick", (event: Clicked) => {
    event.notification.close();
    event.waitUntil(open(sw, event.notification.data?.url ?? "/"));
  });
  sw.addEventListener("pushsubscriptionchange", (event: Changed) => event.waitUntil(renew(sw, event)));
}

export function rungOf(text: string): Rung | null {
  try {
    const told = JSON.parse(text) as Partial<Rung>;
    const whole = told.v === 1 && !!told.id && !!told.title && typeof told.url === "string" && told.url.startsWith("/") && !told.url.startsWith("//");
    return whole ? (told as Rung) : null;
  } catch {
    return null;
  }
}

async function ring(sw: Worker, keeper: Keeper, text: string): Promise<void> {
  const rung = rungOf(text);
  if (!rung) return sw.registration.showNotification("Hadir", { tag: "hadir", data: { url: "/" } });
  await sw.registration.showNotification(rung.title, options(rung));
  // None of the two waits for the other, and neither takes the notification away when it fails.
  await Promise.allSettled([received(sw, rung), delivered(keeper, rung)]);
}

/** `renotify` and `vibrate` are not in every browser's types; those that lack them pass over them. */
function options(rung: Rung): NotificationOptions {
  const more = { renotify: true, vibrate: rung.loud ? [400, 150, 400, 150, 400] : [200], timestamp: Date.parse(rung.at) };
  return { body: rung.body, tag: rung.topic, requireInteraction: rung.loud, data: { url: rung.url }, ...more };
}

const JSON_POST = { method: "POST", headers: { "content-type": "application/json" }, keepalive: true };

async function received(sw: Worker, rung: Rung): Promise<void> {
  await sw.fetch("/api/v1/push/received", { ...JSON_POST, body: JSON.stringify({ id: rung.id }) });
}

async function delivered(keeper: Keeper, rung: Rung): Promise<void> {
  const order = rung.row;
  if (!order || order.state !== "sent") return;
  await keeper.keep(rung.for, order);
  await keeper.say(rung.for, deliver.perform(order, { device_at: new Date().toISOString() }), order);
}

/** The page that is open already, or a new one. */
async function open(sw: Worker, url: string): Promise<void> {
  const path = url.split("#")[0];
  const pages = await sw.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((p) => new URL(p.url).pathname === path);
  if (!page) return void (await sw.clients.openWindow(url));
  await page.focus();
  // A page that this worker does not control cannot be led anywhere.
  await page.navigate(url).catch(() => sw.clients.openWindow(url));
}

/** The browser has made the address void: take a new one, or nobody will ring here again. */
async function renew(sw: Worker, event: Changed): Promise<void> {
  if (!event.oldSubscription) return;
  const fresh = await sw.registration.pushManager.subscribe(event.oldSubscription.options);
  await sw.fetch("/api/v1/push/subscriptions", { ...JSON_POST, body: JSON.stringify(fresh.toJSON()) });
}
