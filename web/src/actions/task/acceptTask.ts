import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const acceptTask = action<Task, { device_at: string }>({
  id: "task.accept",
  icon: "check",
  can: (task, me) => task.officer === me.id && task.state === "assigned",
  perform: (task, input) => command(`tasks/${task.id}/accept`, { seen_version: task.version, ...input }),
  predict: () => ({ state: "accepted" }),
});
