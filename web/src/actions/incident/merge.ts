import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** The others become a part of this one; each as it was seen. */
export const merge = action<Incident, { others: readonly Incident[] }>({
  id: "incident.merge",
  icon: "link",
  can: (incident, me) => operator(me) && ["open", "in_progress"].includes(incident.state),
  perform: (incident, { others }) =>
    command(`incidents/${incident.id}/merge`, { seen_version: incident.version, incidents: others.map((i) => ({ id: i.id, seen_version: i.version })) }),
  undo: (incident, { others }) => command(`incidents/${incident.id}/unmerge`, { incidents: others.map((i) => i.id) }),
});
