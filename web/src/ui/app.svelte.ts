/** What every staff page stands on: who I am, the names of the city, the words, the live picture, and doing things. */
import { getContext, setContext } from "svelte";
import type { Action, Me } from "../actions/types.ts";
import { send } from "../actions/send.ts";
import type { Command, Outcome } from "../actions/send.ts";
import { Names } from "../core/boot.ts";
import type { Boot } from "../core/boot.ts";
import { boardFromWire } from "../core/fold.ts";
import { overlay, standing } from "../core/optimism.ts";
import type { Prediction } from "../core/optimism.ts";
import { located } from "../core/readings.ts";
import * as time from "../core/time.ts";
import type { Board, Params, Place } from "../core/types.ts";
import { Words } from "../core/words.ts";
import type { Catalogue } from "../core/words.ts";
import { realTimers } from "../live/backoff.ts";
import { Live } from "../live/live.svelte.ts";

export type Mark = "sending" | "kept" | "refused";
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
const carrier = { fetch: (path: string, init: RequestInit) => fetch(path, init), timers: realTimers };

export class App {
  readonly boot: Boot;
  readonly me: Me;
  readonly names: Names;
  readonly words: Words;
  readonly live: Live;
  toasts = $state.raw<Toast[]>([]);
  #predictions = $state.raw<Prediction[]>([]);
  #marks = $state.raw<ReadonlyMap<string, Mark>>(new Map());
  #toastId = 0;

  /** The server's picture with my unanswered presses laid over it. */
  readonly board: Board = $derived.by(() => {
    const picture = this.live.picture;
    return picture ? overlay(located(picture.board, this.live.readings), standing(this.#predictions, picture.position)) : EMPTY;
  });

  constructor(boot: Boot, catalogues: Catalogue[], live: Live = new Live(boot.me.id)) {
    this.boot = boot;
    this.me = boot.me;
    this.names = new Names(boot.city);
    this.words = new Words(boot.me.lang, ...catalogues);
    this.live = live;
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
  mark = (row: string): Mark | null => this.#marks.get(row) ?? null;

  can<T, I>(action: Action<T, I>, target: T): boolean {
    return action.can(target, this.me, this.board);
  }

  /** Press: shows at once, sends, and tells what the server said. Never throws. */
  async do<T extends { id: string }, I>(action: Action<T, I>, target: T, input: I, quiet = false): Promise<Outcome> {
    const command = action.perform(target, input);
    const patch = action.predict?.(target, this.me, input);
    const outcome = await this.#carry(command, target.id, patch ?? null);
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
    return command ? () => void this.#carry(command, target.id, null) : null;
  }

  async #carry(command: Command, row: string, patch: Record<string, unknown> | null): Promise<Outcome> {
    const key = command.body.command_id;
    if (patch) this.#predictions = [...this.#predictions, { command: key, row, patch, position: null }];
    this.#setMark(row, "sending");
    const outcome = await send(carrier, command);
    this.#settle(key, outcome);
    this.#setMark(row, outcome.ok ? "kept" : "refused");
    if (!outcome.ok) this.toast(outcome.detail || this.say(`failed.${outcome.code === "offline" ? "offline" : "other"}`), "danger");
    setTimeout(() => this.#setMark(row, null), KEPT_MS);
    return outcome;
  }

  #settle(command: string, outcome: Outcome): void {
    const position = this.live.picture?.position ?? 0;
    const answered = this.#predictions.flatMap((p) =>
      p.command !== command ? [p] : outcome.ok ? [{ ...p, position: outcome.position }] : [],
    );
    this.#predictions = standing(answered, position);
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
