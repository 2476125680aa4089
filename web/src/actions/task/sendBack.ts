import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, deskOf, staff } from "../types.ts";

export const sendBack = action<Task, { reason: string }>({
  id: "task.send_back",
  icon: "back",
  can: (task, me) => (deskOf(me, task.agency) || staff(me)) && task.state === "done",
  perform: (task, input) => command(`tasks/${task.id}/send-back`, { seen_version: task.version, ...input }),
  predict: (_task, _me, input) => ({ state: "accepted", sent_back_reason: input.reason }),
});
