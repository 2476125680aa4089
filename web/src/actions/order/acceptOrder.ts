import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const acceptOrder = action<Order, { device_at: string }>({
  id: "order.accept",
  icon: "check",
  can: (order, me) => order.to === me.id && order.state === "confirmed",
  perform: (order, input) => command(`orders/${order.id}/accept`, { seen_version: order.version, said_version: order.said_version, ...input }),
  predict: () => ({ state: "accepted" }),
});
