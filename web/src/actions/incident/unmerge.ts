import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** They stand for themselves again, with what they had brought. */
export const unmerge = action<Incident, { ids: readonly string[] }>({
  id: "incident.unmerge",
  icon: "unlink",
  can: (incident, me) => operator(me) && ["open", "in_progress"].includes(incident.state) && incident.merged.length > 0,
  perform: (incident, { ids }) => command(`incidents/${incident.id}/unmerge`, { incidents: ids }),
  undo: (incident, { ids }) => command(`incidents/${incident.id}/merge`, { incidents: ids.map((id) => ({ id })) }),
});
