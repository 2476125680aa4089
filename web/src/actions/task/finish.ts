import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

/** Done, with evidence. */
export const finish = action<Task, { note: string; photos: string[]; device_at: string }>({
  id: "task.finish",
  icon: "check",
  can: (task, me) => task.officer === me.id && ["accepted", "en_route", "on_scene"].includes(task.state),
  perform: (task, input) => command(`tasks/${task.id}/finish`, { seen_version: task.version, ...input }),
  predict: () => ({ state: "done" }),
});
