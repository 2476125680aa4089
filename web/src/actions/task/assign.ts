import type { Task } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, deskOf, operator } from "../types.ts";

export const assign = action<Task, { officer: string }>({
  id: "task.assign",
  icon: "person",
  can: (task, me) => (deskOf(me, task.agency) || operator(me)) && ["given", "assigned", "accepted", "en_route"].includes(task.state),
  perform: (task, input) => command(`tasks/${task.id}/assign`, { seen_version: task.version, ...input }),
  /** Before he has taken it; who had it before gets it back. */
  undo: (task) =>
    task.officer ? command(`tasks/${task.id}/assign`, { officer: task.officer }) : command(`tasks/${task.id}/unassign`),
  predict: (_task, _me, input) => ({ state: "assigned", officer: input.officer }),
});
