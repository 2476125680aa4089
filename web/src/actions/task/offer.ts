import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, deskOf } from "../types.ts";

/** A hand-over is an offer: until it is taken the giver owns the task. */
export const offer = action<Task, { agency: string; reason: string }>({
  id: "task.offer",
  icon: "handover",
  can: (task, me) => deskOf(me, task.agency) && task.offered_to === null && ["given", "assigned"].includes(task.state),
  perform: (task, input) => command(`tasks/${task.id}/offer`, { seen_version: task.version, ...input }),
  predict: (_task, _me, input) => ({ offered_to: input.agency }),
});
