import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const depart = action<Task, { device_at: string }>({
  id: "task.depart",
  icon: "go",
  can: (task, me) => task.officer === me.id && task.state === "accepted",
  perform: (task, input) => command(`tasks/${task.id}/depart`, { seen_version: task.version, ...input }),
  predict: () => ({ state: "en_route" }),
});
