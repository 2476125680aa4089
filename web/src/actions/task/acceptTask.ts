import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const acceptTask = action<Task>({
  id: "task.accept",
  icon: "check",
  can: (task, me) => task.officer === me.id && task.state === "assigned",
  perform: (task) => command(`tasks/${task.id}/accept`, { seen_version: task.version }),
});
