/** The link as Svelte sees it: a picture to derive from, and a clock that ticks for the ages on the page. */
import type { BoardAnswer, Fact, Picture } from "../core/types.ts";
import { realTimers } from "./backoff.ts";
import { BoardRefused, Link, type LockRequest, type Phase } from "./link.ts";
import { SILENCE_MS } from "./stream.ts";

const BOARD = "/api/v1/board";

/** What the page's shell has asked for already: for a face that must be quick it names only some of the groups. */
function firstUrl(): string {
  return document.querySelector<HTMLLinkElement>(`link[rel="preload"][href^="${BOARD}"]`)?.getAttribute("href") ?? BOARD;
}

async function fetchBoard(url: string): Promise<BoardAnswer> {
  const answer = await fetch(url, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new BoardRefused(answer.status);
  return (await answer.json()) as BoardAnswer;
}

/** One browser may hold two accounts in two profiles, never in one; the account is in the name all the same. */
function share(me: string): { channel: BroadcastChannel; lock: LockRequest } | null {
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) return null;
  const name = `hadir-live-${me}`;
  const lock: LockRequest = async (steal, run) => void (await navigator.locks.request(name, { steal }, run));
  return { channel: new BroadcastChannel(name), lock };
}

export class Live {
  picture = $state.raw<Picture | null>(null);
  phase = $state<Phase>("loading");
  up = $state(false);
  /** Server's time of the last news or beat, in ms. */
  heardAt = $state(0);
  /** The server's now, in ms, as well as we know it; ticks each second. */
  now = $state(Date.now());
  readings = $state.raw<ReadonlyMap<string, unknown>>(new Map());
  readonly #link: Link;
  #onUp = () => {};
  #asked = false;
  /** The picture lacks some groups. */
  #part = false;
  readonly #listeners = new Set<(facts: readonly Fact[], picture: Picture) => void>();

  /** `kept`: see `LinkOptions`. */
  constructor(me: string, kept?: () => Promise<{ answer: BoardAnswer; heardAt: number } | null>) {
    this.#link = new Link({
      tab: crypto.randomUUID?.() ?? String(Math.random()),
      fetchBoard: () => this.#fetchBoard(),
      kept,
      liveUrl: "/api/v1/live",
      makeSource: (url) => new EventSource(url) as never,
      timers: realTimers,
      share: share(me) as never,
      visible: () => document.visibilityState === "visible",
      changed: (link) => this.#copy(link),
      facts: (facts, picture) => this.#listeners.forEach((run) => run(facts, picture)),
      reading: (data) => this.#read(data),
    });
  }

  /** Older than a minute: the picture stays, its age becomes a warning. */
  get stale(): boolean {
    return this.picture !== null && this.now - this.heardAt > SILENCE_MS;
  }

  start(): void {
    this.#link.start();
    setInterval(() => (this.now = Date.now() + this.#link.skewMs), 1000);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#link.nudge());
    addEventListener("online", () => this.#link.nudge());
    addEventListener("pageshow", (e) => e.persisted && this.#link.nudge());
  }

  /** After the first picture: the groups that it went without. */
  complete(): void {
    if (this.#part) this.#link.again();
  }

  retry(): void {
    this.#link.nudge();
  }

  /** Called with each batch of facts after it has been folded: for sounds, toasts and deliveries, not for state. */
  onFacts(run: (facts: readonly Fact[], picture: Picture) => void): () => void {
    this.#listeners.add(run);
    return () => void this.#listeners.delete(run);
  }

  async #fetchBoard(): Promise<BoardAnswer> {
    const url = this.#asked ? BOARD : firstUrl();
    this.#asked = true;
    const answer = await fetchBoard(url);
    this.#part = url !== BOARD;
    return answer;
  }

  /** Called when the city is heard again. */
  onUp(run: () => void): void {
    this.#onUp = run;
  }

  #copy(link: Link): void {
    if (link.up && !this.up) this.#onUp();
    this.picture = link.picture;
    this.phase = link.phase;
    this.up = link.up;
    this.heardAt = link.heardAt + link.skewMs;
    this.now = Date.now() + link.skewMs;
  }

  #read(data: unknown): void {
    const key = (data as { key?: string } | null)?.key;
    if (key) this.readings = new Map(this.readings).set(key, data);
  }
}
