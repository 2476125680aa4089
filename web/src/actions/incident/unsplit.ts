import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** What was split off is a part again. */
export const unsplit = action<Incident, { incident_id: string }>({
  id: "incident.unsplit",
  icon: "link",
  can: (incident, me) => operator(me) && ["open", "in_progress"].includes(incident.state),
  perform: (incident, input) => command(`incidents/${incident.id}/unsplit`, { ...input }),
});
