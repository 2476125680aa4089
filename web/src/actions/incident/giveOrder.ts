import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";
import type { OrderInput } from "../order/input.ts";

/** One order to one named officer. It leaves the house: held for a second. */
export const giveOrder = action<Incident, OrderInput>({
  id: "incident.give_order",
  icon: "order",
  hold: true,
  can: (incident, me) => staff(me) && ["open", "in_progress"].includes(incident.state),
  perform: (incident, input) => command("orders", { incident_id: incident.id, ...input }),
});
