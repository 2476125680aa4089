/** Push on this phone: what is possible here, and turning it on and off. The browser's parts enter as arguments. */

export type Standing =
  /** iPhone: only from the Home Screen; and that only by Safari. */
  | "install"
  | "install_elsewhere"
  | "insecure"
  | "unsupported"
  | "denied"
  | "off"
  | "on";

export interface Here {
  agent: string;
  touches: number;
  secure: boolean;
  /** Runs as an application, from the Home Screen. */
  standalone: boolean;
  /** The browser has service workers, push and notifications. */
  able: boolean;
  permission: NotificationPermission;
  /** It is subscribed, for whoever uses it now. */
  subscribed: boolean;
}

/** An iPad says that it is a Mac; no Mac has a touch screen. */
export const isApple = (h: Pick<Here, "agent" | "touches">): boolean =>
  /iPhone|iPad|iPod/.test(h.agent) || (/Macintosh/.test(h.agent) && h.touches > 1);
/** On an iPhone every browser is Safari inside, and only Safari itself is sure to have «Add to Home Screen». */
const otherThanSafari = (agent: string): boolean => /CriOS|FxiOS|EdgiOS|OPiOS|Instagram|FBAN|FBAV|Line\//.test(agent);

export function standing(h: Here): Standing {
  if (!h.secure) return "insecure";
  if (isApple(h) && !h.standalone) return otherThanSafari(h.agent) ? "install_elsewhere" : "install";
  if (!h.able) return "unsupported";
  if (h.permission === "denied") return "denied";
  return h.permission === "granted" && h.subscribed ? "on" : "off";
}

/** Whose phone this is, as far as ringing goes: another person who signs in here decides anew. */
const MINE = "hadir.push";
export const ringsFor = (me: string): boolean => localStorage.getItem(MINE) === me;

export async function here(me: string): Promise<Here> {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  const subscription = able && ringsFor(me) ? await subscriptionOf() : null;
  return {
    agent: navigator.userAgent,
    touches: navigator.maxTouchPoints,
    secure: isSecureContext,
    standalone: matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true,
    able,
    permission: able ? Notification.permission : "default",
    subscribed: subscription !== null,
  };
}

async function subscriptionOf(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

const SUBSCRIPTIONS = "/api/v1/push/subscriptions";

async function told(method: string, body: unknown): Promise<void> {
  const answer = await fetch(SUBSCRIPTIONS, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${answer.status}`);
}

/** Asks for the permission, so it must come from a press. False: the person said no. Throws when the line is dead. */
export async function turnOn(me: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const answer = await fetch("/api/v1/push/key");
  if (!answer.ok) throw new Error(`key ${answer.status}`);
  const key = bytesOf(((await answer.json()) as { key: string }).key);
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  const registration = await navigator.serviceWorker.ready;
  // One that was made for another key (another city, a home that was made anew) never rings.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await told("POST", made.toJSON());
  localStorage.setItem(MINE, me);
  return true;
}

/** The server first: whom it does not know it cannot ring, whatever the browser does then. */
export async function turnOff(): Promise<void> {
  localStorage.removeItem(MINE);
  const subscription = await subscriptionOf();
  if (!subscription) return;
  try {
    await told("DELETE", { endpoint: subscription.endpoint });
  } finally {
    await subscription.unsubscribe();
  }
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
