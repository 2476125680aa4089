import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const decline = action<Task, { reason: string }>({
  id: "task.decline",
  icon: "cross",
  can: (task, me) => task.officer === me.id && ["assigned", "accepted", "en_route", "on_scene"].includes(task.state),
  perform: (task, input) => command(`tasks/${task.id}/decline`, { seen_version: task.version, ...input }),
  predict: () => ({ state: "given", officer: null }),
});
