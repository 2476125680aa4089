import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** Over, and off the board. */
export const close = action<Incident>({
  id: "incident.close",
  icon: "archive",
  can: (incident, me) => operator(me) && incident.state === "resolved",
  perform: (incident) => command(`incidents/${incident.id}/close`, { seen_version: incident.version }),
  predict: () => ({ state: "closed" }),
});
