/** A task's owner in words. «Menunggu jawaban X» and «X» never look alike: until X has taken it the giver owns it. */
import type { Task } from "../core/types.ts";
import type { App } from "../ui/app.svelte.ts";

export function agencyWords(app: App, task: Task): string {
  const owner = app.names.agency(task.agency);
  return task.offered_to ? app.say("staff.waits_for", { owner, agency: app.names.agency(task.offered_to) }) : owner;
}
