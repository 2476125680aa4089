/**
 * Presses that have not reached the server, kept on the screen to be pressed again: the same command with the same id,
 * so that the server does it once however often it comes. (Kept in the page only; surviving a restart is another matter.)
 */
import type { Action } from "../actions/types.ts";
import type { Outcome } from "../actions/send.ts";
import type { App } from "../ui/app.svelte.ts";

export interface Unsent {
  id: string;
  label: string;
  again: () => Promise<Outcome>;
}

export class Outbox {
  readonly #app: App;
  unsent = $state.raw<Unsent[]>([]);

  constructor(app: App) {
    this.#app = app;
  }

  /** Like `app.do`, and what did not arrive stays until it has been answered. */
  async press<T extends { id: string }, I>(action: Action<T, I>, target: T, input: I, label: string, quiet = false): Promise<Outcome> {
    const command = action.perform(target, input);
    const same: Action<T, I> = { ...action, perform: () => command };
    const id = command.body.command_id;
    const again = async (): Promise<Outcome> => {
      const outcome = await this.#app.do(same, target, input, quiet);
      const rest = this.unsent.filter((u) => u.id !== id);
      this.unsent = !outcome.ok && outcome.code === "offline" ? [...rest, { id, label, again }] : rest;
      return outcome;
    };
    return again();
  }
}
