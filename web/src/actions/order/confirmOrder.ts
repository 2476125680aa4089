import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const confirmOrder = action<Order>({
  id: "order.confirm",
  icon: "check",
  can: (order, me) => order.from === me.id && order.state === "read_back",
  perform: (order) => command(`orders/${order.id}/confirm`, { seen_version: order.version }),
  predict: () => ({ state: "confirmed" }),
});
