/** What every staff page stands on: who I am, the names of the city, the words, the live picture, and doing things. */
import { getContext, setContext } from "svelte";
import type { Action, Me } from "../actions/types.ts";
import type { Command, Outcome } from "../actions/send.ts";
import { Names } from "../core/boot.ts";
import type { Boot, OrderTemplate } from "../core/boot.ts";
import { boardFromWire } from "../core/fold.ts";
import { overlay, standing } from "../core/optimism.ts";
import type { Prediction } from "../core/optimism.ts";
import { located } from "../core/readings.ts";
import * as time from "../core/time.ts";
import { withTitles } from "../core/titles.ts";
import type { Board, Params, Place } from "../core/types.ts";
import { Words } from "../core/words.ts";
import type { Catalogue } from "../core/words.ts";
import { Live } from "../live/live.svelte.ts";
import { Box } from "../offline/box.svelte.ts";
import type { Press, Waits } from "../offline/box.svelte.ts";
import type { Entry } from "../offline/rules.ts";

/** `waiting`, `held`, `full`: kept on this phone until there is a line, the server takes it, its disk has room. */
export type Mark = "sending" | Waits | "kept" | "refused";
export interface Toast {
  id: number;
  text: string;
  tone: "calm" | "danger" | "ok";
  undo: (() => void) | null;
}

const EMPTY: Board = boardFromWire({});
/** Long enough to read a sentence and reach for «Urungkan». */
const TOAST_MS = 8_000;
/** A filled tick stays this long beside what I pressed. */
const KEPT_MS = 4_000;

export class App {
  readonly boot: Boot;
  readonly me: Me;
  readonly names: Names;
  readonly words: Words;
  readonly live: Live;
  readonly box: Box;
  toasts = $state.raw<Toast[]>([]);
  /** Of orders. A face whose first picture must be light fetches them after it. */
  templates = $state.raw<OrderTemplate[]>([]);
  /** Of presses that are answered, until their facts have come. */
  #predictions = $state.raw<Prediction[]>([]);
  #marks = $state.raw<ReadonlyMap<string, Mark>>(new Map());
  #toastId = 0;

  /** The server's picture with my unanswered presses laid over it. */
  readonly board: Board = $derived.by(() => {
    const picture = this.live.picture;
    const unanswered = this.box.waiting.flatMap((e) => (e.patch ? [{ command: e.id, row: e.row, patch: e.patch, position: null }] : []));
    const over = [...this.#predictions, ...unanswered];
    return picture ? overlay(withTitles(located(picture.board, this.live.readings), this.names), standing(over, picture.position)) : EMPTY;
  });

  constructor(boot: Boot, catalogues: Catalogue[], box: Box = new Box(boot.me.id), live: Live = new Live(boot.me.id, () => box.lastPicture())) {
    this.boot = boot;
    this.me = boot.me;
    this.names = new Names(boot.city);
    this.templates = boot.city.templates ?? [];
    this.words = new Words(boot.me.lang, ...catalogues);
    this.box = box;
    this.live = live;
    box.onAnswer((entry, outcome) => this.#settle(entry, outcome));
  }

  say = (key: string, params?: Params): string => this.words.say(key, params);

  /** «3 mnt lalu». */
  ago = (at: string): string => {
    const { unit, n } = time.age(Date.parse(at), this.live.now);
    return this.say(`age.${unit}`, { n });
  };

  /** «14:03» in the city's zone. */
  clock = (at: string | number): string => time.clock(typeof at === "number" ? at : Date.parse(at), this.boot.city.zone);
  clockSeconds = (ms: number): string => time.clockSeconds(ms, this.boot.city.zone);
  date = (at: string): string => `${time.dateClock(Date.parse(at), this.boot.city.zone)} ${this.boot.city.zone_name}`;

  /** «Plosokerep · RT 2 · RW 1», or what is known instead. */
  place = (p: Place): string => {
    const area = p.outside ? this.say("place.outside") : this.names.area(p.area);
    const rw = p.rw === null ? "" : this.say("place.rw", { rw: p.rw });
    const rt = p.rt === null ? "" : this.say("place.rt", { rt: p.rt });
    return [area, rt, rw].filter(Boolean).join(" · ") || p.words || this.say("place.unknown");
  };

  /** Hollow, full or wrong tick of the last press on a row. */
  mark = (row: string): Mark | null => {
    const waits = this.box.waiting.some((e) => e.row === row);
    return waits ? (this.box.why ?? "sending") : (this.#marks.get(row) ?? null);
  };

  can<T, I>(action: Action<T, I>, target: T): boolean {
    return action.can(target, this.me, this.board);
  }

  /**
   * Press: shows at once, is kept on this device, is sent, and what the server said is told. Never throws.
   * `more`: what the outbox should know beside it (its own label, photos, the draft that ends with it).
   */
  async do<T extends { id: string }, I>(action: Action<T, I>, target: T, input: I, quiet = false, more: Partial<Press> = {}): Promise<Outcome> {
    const command = action.perform(target, input);
    const patch = action.predict?.(target, this.me, input) ?? null;
    const label = more.label ?? this.say(`action.${action.id}`);
    const outcome = await this.box.press({ incident: (target as { incident?: string | null }).incident, ...more, command, row: target.id, patch, label });
    if (outcome.ok && !quiet) this.toast(this.say(`done.${action.id}`), "ok", this.#undo(action, target, input));
    return outcome;
  }

  toast(text: string, tone: Toast["tone"] = "calm", undo: Toast["undo"] = null): void {
    const id = ++this.#toastId;
    this.toasts = [...this.toasts.slice(-2), { id, text, tone, undo }];
    setTimeout(() => this.dismiss(id), TOAST_MS);
  }

  dismiss = (id: number): void => {
    this.toasts = this.toasts.filter((t) => t.id !== id);
  };

  #undo<T extends { id: string }, I>(action: Action<T, I>, target: T, input: I): Toast["undo"] {
    const command = action.undo?.(target, input);
    return command ? () => void this.#takeBack(command, target.id) : null;
  }

  #takeBack(command: Command, row: string): Promise<Outcome> {
    return this.box.press({ command, row, patch: null, label: this.say("ui.undo") });
  }

  /** An answer, whenever it comes: also to what was pressed before the page was last closed, or in another tab. */
  #settle(entry: Entry, outcome: Outcome): void {
    const at = this.live.picture?.position ?? 0;
    const answered = outcome.ok && entry.patch ? [{ command: entry.id, row: entry.row, patch: entry.patch, position: outcome.position }] : [];
    this.#predictions = standing([...this.#predictions, ...answered], at);
    this.#setMark(entry.row, outcome.ok ? "kept" : "refused");
    setTimeout(() => this.#setMark(entry.row, null), KEPT_MS);
    if (!outcome.ok) this.toast(outcome.detail || this.say("failed.other"), "danger");
  }

  #setMark(row: string, mark: Mark | null): void {
    const next = new Map(this.#marks);
    if (mark) next.set(row, mark);
    else next.delete(row);
    this.#marks = next;
  }
}

const KEY = Symbol("app");
export const provideApp = (app: App): App => setContext(KEY, app);
export const useApp = (): App => getContext<App>(KEY);
