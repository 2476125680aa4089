import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, deskOf, staff } from "../types.ts";

/** Somebody who did not do the work has seen that it is done. */
export const verify = action<Task>({
  id: "task.verify",
  icon: "check",
  can: (task, me) => (deskOf(me, task.agency) || staff(me)) && task.officer !== me.id && task.state === "done",
  perform: (task) => command(`tasks/${task.id}/verify`, { seen_version: task.version }),
  predict: () => ({ state: "verified" }),
});
