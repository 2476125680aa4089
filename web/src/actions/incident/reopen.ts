import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

export const reopen = action<Incident, { reason: string }>({
  id: "incident.reopen",
  icon: "back",
  can: (incident, me) => staff(me) && ["resolved", "closed"].includes(incident.state),
  perform: (incident, input) => command(`incidents/${incident.id}/reopen`, { seen_version: incident.version, ...input }),
  predict: () => ({ state: "open" }),
});
