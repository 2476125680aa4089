/** Facts that ask something of a commander ring on his phone: a sentence that says why, and a buzz where there is one. */
import type { Board, Fact, Order } from "../core/types.ts";
import type { App } from "../ui/app.svelte.ts";
import { why } from "./why.ts";

const KINDS: ReadonlySet<string> = new Set(["order.overdue", "order.read_back", "order.refused", "order.expired", "task.done", "task.declined", "task.cancelled"]);
const BUZZ_MS = 200;

/** My orders that these facts make ring, once each. */
export function rings(facts: readonly Fact[], board: Board, me: string): Order[] {
  const streams = new Set(facts.filter((f) => KINDS.has(f.kind) && f.actor !== me).map((f) => f.stream));
  return [...board.orders.values()].filter((o) => o.from === me && (streams.has(`order/${o.id}`) || (o.task !== null && streams.has(`task/${o.task}`))));
}

export function ring(app: App): () => void {
  return app.live.onFacts((facts, picture) => {
    for (const order of rings(facts, picture.board, app.me.id)) {
      const told = why(order, app.live.now);
      if (!told) continue;
      app.toast(app.say(`order.why.${told.code}`, { who: app.names.person(order.to) }), told.tone === "warn" ? "calm" : told.tone);
      // A page nobody has touched yet may not buzz, and says so in the console.
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
    }
  });
}
