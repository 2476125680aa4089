/** «Siapa bisa ke sana?» beside an order that is being given: the server's rule, in words. Comes when an order is begun. */
import words from "../../../src/hadir/words/dispatch.json";
import { askable } from "../core/dispatch.ts";
import type { Recommendation, Suggestion } from "../core/dispatch.ts";
import type { App } from "../ui/app.svelte.ts";

/** Longer than this nobody waits to see a list: the form shows what the phone knows itself. */
const PATIENCE_MS = 3000;
/** Positions grow old while the form is open; the order of the list does not change under a finger. */
const AGAIN_MS = 15_000;

export interface Choice {
  value: string;
  text: string;
  hint: string;
  icon: string;
}

const HERE = "dispatch.here";
export const here = (s: Suggestion): boolean => s.reasons.some((r) => r.code === HERE);
/** Who is there already first, then the rule's order; who cannot be asked now comes last. */
export const rank = (s: Suggestion): number => (here(s) ? 0 : askable(s) ? 1 : 2);

export class Who {
  readonly #app: App;
  readonly #incident: string;
  #found = $state.raw<Recommendation | null>(null);
  /** The ids in the order in which the list opened. */
  #order: readonly string[] = [];
  failed = $state(false);

  constructor(app: App, incident: string) {
    this.#app = app;
    this.#incident = incident;
    app.words.add(words);
  }

  /** Asks now and every while; the result ends it. */
  begin(): () => void {
    const gone = new AbortController();
    void this.#ask(gone.signal);
    const patience = setTimeout(() => (this.failed = this.#found === null), PATIENCE_MS);
    const timer = setInterval(() => void this.#ask(gone.signal), AGAIN_MS);
    return () => (gone.abort(), clearTimeout(patience), clearInterval(timer));
  }

  /** What comes after the form has shown another list changes it no more. */
  async #ask(signal: AbortSignal): Promise<void> {
    const url = `/api/v1/incidents/${this.#incident}/dispatch?lang=${this.#app.me.lang}`;
    const answer = await fetch(url, { signal }).catch(() => null);
    const found = answer?.ok ? ((await answer.json().catch(() => null)) as Recommendation | null) : null;
    if (signal.aborted || this.failed) return;
    if (!found) return void (this.failed = this.#found === null);
    if (this.#order.length === 0) {
      this.#order = [...found.suggestions].sort((a, b) => rank(a) - rank(b)).map((s) => s.id);
    }
    this.#found = found;
  }

  get loaded(): boolean {
    return this.#found !== null;
  }

  get at(): string | null {
    return this.#found?.at ?? null;
  }

  readonly #sorted = $derived.by((): Suggestion[] => {
    const at = (s: Suggestion) => (this.#order.includes(s.id) ? this.#order.indexOf(s.id) : this.#order.length);
    return [...(this.#found?.suggestions ?? [])].sort((a, b) => at(a) - at(b));
  });

  /** All of them, and how many stand before «petugas lain»: those who are there or can be asked, a few at most. */
  readonly choices: Choice[] = $derived.by(() => this.#sorted.map((s) => this.#choice(s)));
  first(few: number): number {
    const there = this.#sorted.filter(here).length;
    return Math.max(there, Math.min(few, this.#sorted.filter((s) => rank(s) < 2).length));
  }

  /** What the work asks for and nobody who could go has. */
  get missing(): string {
    const missing = this.#found?.missing;
    return missing ? [...missing.skills, ...missing.equipment].map((t) => t.name).join(", ") : "";
  }

  get toArea(): boolean {
    return this.#found?.place_from === "area";
  }

  #choice(s: Suggestion): Choice {
    const say = this.#app.say;
    const way = s.way_min === null ? say("dispatch.unknown_way") : say("dispatch.about", { n: Math.max(1, Math.round(s.way_min)) });
    const reasons = s.reasons.map((r) => this.#app.words.reason(r));
    const no = rank(s) === 2 ? [say("dispatch.standing.not_now")] : [];
    const near = s.nearest ? [say("dispatch.nearest")] : [];
    return { value: s.id, text: s.name, hint: [...no, ...near, way, ...reasons].join(" · "), icon: here(s) ? "pin" : "person" };
  }
}
