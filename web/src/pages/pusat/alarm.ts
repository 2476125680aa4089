/** What is urgent and new makes a sound. It can be silenced, and the silence is on the screen. */
import type { Fact } from "../../core/types.ts";

/** Urgency 4 is danger to life. */
const URGENT = 4;

/** New reports among these facts that need a person at once. */
export function urgentIn(facts: readonly Fact[]): number {
  const received = facts.filter((f) => f.kind === "report.received").flatMap((f) => f.put?.reports ?? []);
  return received.filter((r) => r.urgency >= URGENT).length;
}
