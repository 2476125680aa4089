import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, deskOf } from "../types.ts";

export const take = action<Task>({
  id: "task.take",
  icon: "check",
  can: (task, me) => deskOf(me, task.offered_to),
  perform: (task) => command(`tasks/${task.id}/take`, { seen_version: task.version }),
  predict: (task) => ({ agency: task.offered_to, offered_to: null }),
});
