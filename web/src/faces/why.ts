/** Why an order wants its commander: what rang, in one sentence. Pure; from facts and the server's clock. */
import type { Order } from "../core/types.ts";

export interface Why {
  /** Words: `order.why.<code>`. */
  code: string;
  tone: "warn" | "danger" | "ok";
  /** When it became so. */
  at: string;
}

const TALKING: ReadonlySet<string> = new Set(["sent", "delivered", "seen"]);
/** Done, verified: nothing is late any more. */
const FINISHED: ReadonlySet<string> = new Set(["done", "verified", "cancelled"]);

/** The miss of the step that is waited for now; an earlier one that came after all is history. */
export function missed(order: Order) {
  const waits = order.waits;
  if (!waits) return null;
  return order.overdue.findLast((o) => o.step === waits.step && o.said_version === order.said_version) ?? null;
}

/** Its minutes were over before the work was, and that is on record. */
export function overran(order: Order): boolean {
  return order.overdue.some((o) => o.step === "done" && o.said_version === order.said_version);
}

/** Taken once, and not any more: the task went back to the desk, or was called off. Given to another officer it goes on. */
export function lost(order: Order): "given_back" | "called_off" | null {
  if (order.state !== "accepted") return null;
  return order.task_state === "given" ? "given_back" : order.task_state === "cancelled" ? "called_off" : null;
}

/** Since when it is late: a step's timer has run out, or the time to be done has passed; null while it is in time. */
export function lateSince(order: Order, now: number): string | null {
  const miss = missed(order);
  if (miss) return miss.due_at;
  if (lost(order)) return null;
  if (order.state === "accepted") {
    const open = !FINISHED.has(order.task_state ?? "");
    return open && (overran(order) || Date.parse(order.due_at) < now) ? order.due_at : null;
  }
  return order.waits && Date.parse(order.waits.due_at) < now ? order.waits.due_at : null;
}

export const late = (order: Order, now: number): boolean => lateSince(order, now) !== null;

export const unread = (order: Order): boolean => TALKING.has(order.state);

/** What the commander has to know of it first; null where it goes its way. */
export function why(order: Order, now: number): Why | null {
  const miss = missed(order);
  if (miss) return { code: `late.${miss.step}`, tone: "danger", at: miss.due_at };
  switch (order.state) {
    case "read_back":
      return { code: order.read_back?.spoken ? "spoken" : order.differs.length ? "differs" : "read_back", tone: order.differs.length ? "danger" : "warn", at: order.state_at };
    case "refused":
    case "expired":
      return { code: order.state, tone: "danger", at: order.state_at };
    case "accepted":
      if (lost(order)) return { code: lost(order)!, tone: "danger", at: order.steps.at(-1)?.at ?? order.state_at };
      if (order.task_state === "done") return { code: "done", tone: "ok", at: order.steps.at(-1)?.at ?? order.state_at };
      return late(order, now) ? { code: "late.done", tone: "danger", at: order.due_at } : null;
    case "sent":
    case "delivered":
    case "seen":
    case "confirmed":
    case "cancelled":
    case "superseded":
      return late(order, now) && order.waits ? { code: `late.${order.waits.step}`, tone: "danger", at: order.waits.due_at } : null;
  }
}

/** Seconds until a time, never below zero: «0:42». */
export function countdown(due: string, now: number): string {
  const left = Math.max(0, Math.ceil((Date.parse(due) - now) / 1000));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
