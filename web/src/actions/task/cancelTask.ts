import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

export const cancelTask = action<Task, { reason: string }>({
  id: "task.cancel",
  icon: "cross",
  can: (task, me) => staff(me) && !["verified", "cancelled"].includes(task.state),
  perform: (task, input) => command(`tasks/${task.id}/cancel`, { seen_version: task.version, ...input }),
  predict: () => ({ state: "cancelled" }),
});
