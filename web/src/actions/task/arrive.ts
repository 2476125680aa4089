import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const arrive = action<Task, { device_at: string }>({
  id: "task.arrive",
  icon: "pin",
  can: (task, me) => task.officer === me.id && ["accepted", "en_route"].includes(task.state),
  perform: (task, input) => command(`tasks/${task.id}/arrive`, { seen_version: task.version, ...input }),
  predict: () => ({ state: "on_scene" }),
});
