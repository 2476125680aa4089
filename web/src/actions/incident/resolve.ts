import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

export const resolve = action<Incident, { reason: string }>({
  id: "incident.resolve",
  icon: "check",
  can: (incident, me) => operator(me) && ["open", "in_progress"].includes(incident.state),
  perform: (incident, input) => command(`incidents/${incident.id}/resolve`, { seen_version: incident.version, ...input }),
  predict: () => ({ state: "resolved" }),
});
