import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";
import type { ReadBackInput } from "./input.ts";

/** Made from near alternatives, never copied. */
export const readBack = action<Order, ReadBackInput>({
  id: "order.read_back",
  icon: "voice",
  can: (order, me) => order.to === me.id && ["seen", "read_back"].includes(order.state),
  perform: (order, input) => command(`orders/${order.id}/read-back`, { seen_version: order.version, said_version: order.said_version, ...input }),
  predict: () => ({ state: "read_back" }),
});
