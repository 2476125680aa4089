import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const note = action<Incident, { text: string }>({
  id: "incident.note",
  icon: "note",
  can: (incident, me) => !["auditor", "admin", "partner"].includes(me.role) && Boolean(incident),
  perform: (incident, input) => command(`incidents/${incident.id}/note`, { seen_version: incident.version, ...input }),
});
