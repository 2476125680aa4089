import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

/** It stood on a visible screen for a second. */
export const see = action<Order, { device_at: string }>({
  id: "order.see",
  icon: "eye",
  can: (order, me) => order.to === me.id && order.state === "delivered",
  perform: (order, input) => command(`orders/${order.id}/see`, { seen_version: order.version, said_version: order.said_version, ...input }),
  predict: () => ({ state: "seen" }),
});
