import type { Order } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";
import type { CorrectInput } from "./input.ts";

/** A new version, to be read back again. */
export const correct = action<Order, CorrectInput>({
  id: "order.correct",
  icon: "edit",
  hold: true,
  can: (order, me) => order.from === me.id && ["sent", "delivered", "seen", "read_back", "confirmed"].includes(order.state),
  perform: (order, input) => command(`orders/${order.id}/correct`, { seen_version: order.version, ...input }),
});
