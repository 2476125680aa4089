import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, deskOf } from "../types.ts";

export const giveBack = action<Task, { reason: string }>({
  id: "task.return",
  icon: "back",
  can: (task, me) => deskOf(me, task.offered_to),
  perform: (task, input) => command(`tasks/${task.id}/return`, { seen_version: task.version, ...input }),
  predict: () => ({ offered_to: null }),
});
