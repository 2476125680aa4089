/** What the officer's page holds beside the picture: its place, what was not sent, where it stands in the page. */
import { getContext, setContext } from "svelte";
import { deliver } from "../../actions/order/deliver.ts";
import type { Order } from "../../core/types.ts";
import { Here } from "../../faces/here.svelte.ts";
import { Outbox } from "../../faces/outbox.svelte.ts";
import { Route } from "../../faces/route.svelte.ts";
import type { App } from "../../ui/app.svelte.ts";

export class Pocket {
  readonly app: App;
  readonly here: Here;
  readonly outbox: Outbox;
  readonly route = new Route();
  readonly #stored = new Set<string>();

  constructor(app: App) {
    this.app = app;
    this.here = new Here(app.me.id);
    this.outbox = new Outbox(app);
  }

  get unit() {
    return this.app.board.units.get(this.app.me.id);
  }

  now = (): string => new Date().toISOString();

  /** Stored on the phone first, then said to be delivered; once for each version of an order. */
  receive(order: Order): void {
    const key = `${order.id} ${order.said_version}`;
    if (order.state !== "sent" || this.#stored.has(key)) return;
    this.#stored.add(key);
    try {
      localStorage.setItem(`hadir.order.${order.id}`, JSON.stringify(order));
    } catch {
      // No room or no storage: an order that is not kept is not said to be delivered.
      return;
    }
    const label = this.app.say("action.order.deliver");
    void this.outbox.press(deliver, order, { device_at: this.now() }, label, true).then((o) => {
      if (!o.ok && o.code !== "offline") this.#stored.delete(key);
    });
  }
}

const KEY = Symbol("pocket");
export const providePocket = (pocket: Pocket): Pocket => setContext(KEY, pocket);
export const usePocket = (): Pocket => getContext<Pocket>(KEY);
