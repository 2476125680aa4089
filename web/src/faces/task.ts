/** A task in words: what it is, and whose. */
import { orderedBy } from "../core/select.ts";
import type { Task } from "../core/types.ts";
import type { App } from "../ui/app.svelte.ts";

/** What is to be done: the desk's words, else what was ordered; of neither, what is going on there. */
export function taskWords(app: App, task: Task): string {
  return taskSaid(app, task) || app.board.incidents.get(task.incident)?.title || app.names.category(task.category);
}

/** The same, of work that stands below its incident's name; empty where nothing more is known. */
export function taskSaid(app: App, task: Task): string {
  const action = task.action ?? (app.board.orders.get(task.order ?? "") ?? orderedBy(app.board, task)[0])?.action;
  return task.what || (action ? app.names.action(action) : "");
}

/** «Menunggu jawaban X» and «X» never look alike: until X has taken it the giver owns it. */
export function agencyWords(app: App, task: Task): string {
  const owner = app.names.agency(task.agency);
  return task.offered_to ? app.say("staff.waits_for", { owner, agency: app.names.agency(task.offered_to) }) : owner;
}
