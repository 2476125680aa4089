import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

/** An agency is to do something about it. */
export const giveTask = action<Incident, { agency: string; what: string; officer?: string }>({
  id: "incident.give_task",
  icon: "task",
  can: (incident, me) => staff(me) && ["open", "in_progress"].includes(incident.state),
  perform: (incident, input) => command("tasks", { incident_id: incident.id, ...input }),
});
