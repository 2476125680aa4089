/** Which incidents may be the same as the chosen one: asked when it is chosen, and again when what belongs to it changes. */
import type { Alike } from "../../core/alike.ts";
import type { App } from "../../ui/app.svelte.ts";

/** Facts of one burst are asked for once. */
const GATHER_MS = 400;

export class AlikeTo {
  readonly app: App;
  found = $state.raw<Alike[]>([]);
  failed = $state(false);
  #id = "";

  constructor(app: App) {
    this.app = app;
  }

  /** Inside an effect; gives what ends it. */
  ask(id: string): () => void {
    if (id !== this.#id) this.found = [];
    const first = id !== this.#id;
    this.#id = id;
    const gone = new AbortController();
    const timer = setTimeout(() => void this.#load(id, gone.signal), first ? 0 : GATHER_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }

  async #load(id: string, signal: AbortSignal): Promise<void> {
    const found = await fetch(`/api/v1/incidents/${id}/similar?lang=${this.app.me.lang}`, { signal })
      .then((answer) => (answer.ok ? (answer.json() as Promise<{ similar: Alike[] }>) : null))
      .catch(() => null);
    if (signal.aborted) return;
    this.failed = found === null;
    if (found) this.found = found.similar;
  }
}
