import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

/** Said by the addressee's device after it has stored the order. */
export const deliver = action<Order, { device_at: string }>({
  id: "order.deliver",
  icon: "inbox",
  can: (order, me) => order.to === me.id && order.state === "sent",
  perform: (order, input) => command(`orders/${order.id}/deliver`, { seen_version: order.version, said_version: order.said_version, ...input }),
  predict: () => ({ state: "delivered" }),
});
