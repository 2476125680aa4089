/** A phone in a pocket or on a dashboard: what is new for this officer is heard and felt, also without push. */
import type { Bell } from "../../faces/bell.ts";
import type { Fact } from "../../core/types.ts";
import type { App } from "../../ui/app.svelte.ts";

const ORDERS: ReadonlySet<string> = new Set(["order.sent", "order.corrected", "order.confirmed", "order.cancelled", "order.superseded", "order.expired"]);
const TASKS: ReadonlySet<string> = new Set(["task.assigned", "task.sent_back", "task.cancelled"]);
const BUZZ_MS = [400, 150, 400];

/** Does one of these facts, not his own, want something of him? A copy of somebody else's order does not. */
export function heeds(facts: readonly Fact[], me: string): boolean {
  return facts.some(({ kind, actor, put }) => {
    if (actor === me) return false;
    if (ORDERS.has(kind)) return put?.orders?.some((o) => o.to === me) ?? false;
    return TASKS.has(kind) && (put?.tasks?.some((t) => t.officer === me) ?? false);
  });
}

/** Browsers allow a sound after the first press; its code comes with that. */
export function heed(app: App): () => void {
  let bell: Bell | null = null;
  const unlock = async () => {
    const { Bell } = await import("../../faces/bell.ts");
    bell = new Bell();
    bell.unlock();
  };
  const pressed = () => void unlock().catch(() => undefined);
  addEventListener("pointerdown", pressed, { once: true });
  const end = app.live.onFacts((facts) => {
    if (!heeds(facts, app.me.id)) return;
    bell?.ring();
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
  });
  return () => (removeEventListener("pointerdown", pressed), end());
}
