import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const refuse = action<Order, { reason: string }>({
  id: "order.refuse",
  icon: "cross",
  can: (order, me) => order.to === me.id && ["sent", "delivered", "seen", "read_back", "confirmed"].includes(order.state),
  perform: (order, input) => command(`orders/${order.id}/refuse`, { seen_version: order.version, ...input }),
  predict: () => ({ state: "refused" }),
});
