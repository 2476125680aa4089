import type { WhereInput } from "../order/input.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** From the operator's own knowledge: nobody has reported it yet. */
export const openIncident = action<{ id: string }, { category: string; place: WhereInput; title?: string }>({
  id: "incident.open",
  icon: "plus",
  can: (_new, me) => operator(me),
  perform: (_new, input) => command("incidents", { ...input }),
});
