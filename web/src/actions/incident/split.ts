import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

export interface Parts {
  reports: readonly string[];
  tasks: readonly string[];
  category?: string;
}

/** The chosen reports and tasks become an incident of their own. */
export const split = action<Incident, Parts>({
  id: "incident.split",
  icon: "unlink",
  can: (incident, me) => operator(me) && ["open", "in_progress"].includes(incident.state) && incident.reports > 1,
  perform: (incident, input) => command(`incidents/${incident.id}/split`, { seen_version: incident.version, ...input }),
  undo: (incident) => command(`incidents/${incident.id}/unsplit`),
});
