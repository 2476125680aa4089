/**
 * One open event stream, kept open: the browser's half of the live protocol.
 *
 * EventSource reconnects by itself after a cut, but gives up for good on any answer that is not 200 (a proxy's 502
 * while the server restarts), and does not notice a connection that died silently. So: closed → reopen with full
 * jitter; nothing heard for 60 s (the server beats every 25) → reopen. Facts and beats carry `<epoch>-<position>`;
 * that is where a new connection goes on. What a message means is the business of `link.ts`.
 */
import type { Fact } from "../core/types.ts";
import { fullJitter } from "./backoff.ts";
import type { Timers } from "./backoff.ts";

/** Two beats and a bit of a slow network. */
export const SILENCE_MS = 60_000;
const CLOSED = 2;

export interface SourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { data?: string; lastEventId?: string }) => void): void;
  close(): void;
}

export interface StreamHandlers {
  fact(fact: Fact): void;
  /** `position`: the newest one examined for this viewer. */
  beat(position: number, serverAt: string | undefined): void;
  reading(data: unknown): void;
  /** The server cannot go on from our position: fetch the board again. */
  resync(): void;
  /** Whether a connection stands. */
  up(connected: boolean): void;
}

export interface StreamOptions {
  url: string;
  makeSource: (url: string) => SourceLike;
  timers: Timers;
  handlers: StreamHandlers;
}

/** `<epoch>-<position>`; null for anything else. Epochs hold letters and digits only. */
export function parseId(id: string | undefined): { epoch: string; position: number } | null {
  const found = /^([0-9A-Za-z]+)-(\d+)$/.exec(id ?? "");
  return found ? { epoch: found[1]!, position: Number(found[2]) } : null;
}

export class Stream {
  readonly #options: StreamOptions;
  #source: SourceLike | null = null;
  #cancelWatch = () => {};
  #cancelReopen = () => {};
  #attempt = 0;
  #heardAt = 0;
  #running = false;
  epoch = "";
  position = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  start(epoch: string, position: number): void {
    this.stop();
    this.#running = true;
    this.#attempt = 0;
    this.epoch = epoch;
    this.position = position;
    this.#open();
  }

  stop(): void {
    this.#running = false;
    this.#drop();
  }

  /** The screen came back or the network did: do not wait for a timer that slept with the phone. */
  nudge(): void {
    if (!this.#running) return;
    const silent = this.#options.timers.now() - this.#heardAt > SILENCE_MS;
    if (silent || this.#source === null || this.#source.readyState === CLOSED) this.#open();
  }

  #drop(): void {
    this.#cancelWatch();
    this.#cancelReopen();
    this.#source?.close();
    this.#source = null;
  }

  #open(): void {
    this.#drop();
    const { makeSource, url, timers } = this.#options;
    const source = makeSource(`${url}?after=${this.epoch}-${this.position}`);
    this.#source = source;
    this.#heardAt = timers.now();
    this.#watch();
    const mine = (run: (e: { data?: string; lastEventId?: string }) => void) => (e: { data?: string; lastEventId?: string }) => {
      if (this.#source === source) run(e);
    };
    source.addEventListener("open", mine(() => this.#options.handlers.up(true)));
    source.addEventListener("error", mine(() => this.#lost(source)));
    for (const type of ["fact", "beat", "reading", "resync"] as const) {
      source.addEventListener(type, mine((e) => this.#message(type, e.data ?? "", e.lastEventId)));
    }
  }

  #watch(): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#options.timers.after(SILENCE_MS, () => {
      this.#options.handlers.up(false);
      this.#open();
    });
  }

  #lost(source: SourceLike): void {
    this.#options.handlers.up(false);
    if (source.readyState !== CLOSED) return; // the browser is already trying again, with Last-Event-ID
    this.#drop();
    const { timers } = this.#options;
    this.#cancelReopen = timers.after(fullJitter(this.#attempt++, timers.random()), () => this.#open());
  }

  #message(type: "fact" | "beat" | "reading" | "resync", data: string, lastEventId: string | undefined): void {
    this.#attempt = 0;
    this.#heardAt = this.#options.timers.now();
    this.#watch();
    const { handlers } = this.#options;
    if (type === "resync") {
      this.stop();
      return handlers.resync();
    }
    if (type === "reading") return handlers.reading(JSON.parse(data));
    const id = parseId(lastEventId);
    if (id && id.epoch === this.epoch) this.position = Math.max(this.position, id.position);
    if (type === "fact") return handlers.fact(JSON.parse(data) as Fact);
    const at = data ? (JSON.parse(data) as { at?: string }).at : undefined;
    handlers.beat(this.position, at);
  }
}
