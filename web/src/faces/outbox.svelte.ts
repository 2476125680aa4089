/** Presses as the phone faces make them: with the words of the key that was pressed, for the list of what waits. */
import type { Action } from "../actions/types.ts";
import type { Outcome } from "../actions/send.ts";
import type { Press } from "../offline/box.svelte.ts";
import type { App } from "../ui/app.svelte.ts";

export class Outbox {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** Like `app.do`. An outcome that is «offline» is kept on the phone and goes by itself when the line is back. */
  press<T extends { id: string }, I>(action: Action<T, I>, target: T, input: I, label: string, quiet = false, more: Partial<Press> = {}): Promise<Outcome> {
    return this.#app.do(action, target, input, quiet, { ...more, label });
  }
}
