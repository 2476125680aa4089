import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const cancelOrder = action<Order, { reason: string }>({
  id: "order.cancel",
  icon: "cross",
  can: (order, me) => order.from === me.id && ["sent", "delivered", "seen", "read_back", "confirmed"].includes(order.state),
  perform: (order, input) => command(`orders/${order.id}/cancel`, { seen_version: order.version, ...input }),
  predict: () => ({ state: "cancelled" }),
});
