/**
 * A tab's link to the city: board, then facts, one stream for all tabs of the browser.
 *
 * Browsers open six connections to a host on HTTP/1.1, so one tab leads (it holds a Web Lock) and reads the stream;
 * it passes everything on over a BroadcastChannel. A hole is impossible between tabs too, by the same means as between
 * server and browser: each news message names the position it follows (`prev`). A tab that stands before `prev` has
 * missed something; it says hello with its position, and the leader either replays from its ring or says refetch.
 * A leader that a phone has frozen keeps its lock but falls silent: after 60 s a visible tab takes the lock away.
 */
import { advance, fold, pictureFrom } from "../core/fold.ts";
import { skew } from "../core/time.ts";
import type { BoardAnswer, Fact, Picture } from "../core/types.ts";
import { fullJitter } from "./backoff.ts";
import type { Timers } from "./backoff.ts";
import { SILENCE_MS, Stream } from "./stream.ts";
import type { SourceLike } from "./stream.ts";

/** How many facts a leader keeps for tabs that come late: a burst of minutes, a few megabytes at the most. */
const RING = 1000;
/** A board that has not come by now is late: what this device kept is shown meanwhile. */
const RESTORE_MS = 2500;
/** Facts that arrive within one frame are folded together. */
const GATHER_MS = 16;

export type Phase = "loading" | "ready" | "offline" | "signed_out" | "forbidden";

type Message =
  | { t: "hello"; from: string; epoch: string; after: number }
  | { t: "news"; epoch: string; prev: number; position: number; facts: Fact[]; at?: string; up: boolean }
  | { t: "replay"; to: string; epoch: string; facts: Fact[]; position: number; up: boolean }
  | { t: "refetch"; to: string | null }
  | { t: "reading"; data: unknown }
  | { t: "lead" };

export interface ChannelLike {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  close(): void;
}

/** Holds the browser-wide lock while the promise that `run` returns is pending; rejects when the lock is taken away. */
export type LockRequest = (steal: boolean, run: () => Promise<void>) => Promise<void>;

export interface LinkOptions {
  tab: string;
  fetchBoard: () => Promise<BoardAnswer>;
  /** The picture this device kept when it last heard the city, with the server's time of it; null: none. */
  kept?: () => Promise<{ answer: BoardAnswer; heardAt: number } | null>;
  liveUrl: string;
  makeSource: (url: string) => SourceLike;
  timers: Timers;
  /** Null where the browser has no Web Locks or no BroadcastChannel: every tab then reads for itself. */
  share: { channel: ChannelLike; lock: LockRequest } | null;
  visible: () => boolean;
  changed: (link: Link) => void;
  facts: (facts: readonly Fact[], picture: Picture) => void;
  reading: (data: unknown) => void;
}

export class BoardRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the board was refused with ${status}`);
    this.status = status;
  }
}

export class Link {
  readonly #o: LinkOptions;
  readonly #stream: Stream;
  #ring: Fact[] = [];
  #ringFrom = 0;
  #pending: Fact[] = [];
  /** The newest position examined for us that waits to be folded. */
  #beatAt = 0;
  #gathering = false;
  /** A request for the lock is queued. */
  #waiting = false;
  #releaseLock = () => {};
  #cancelSilence = () => {};
  #cancelFetch = () => {};
  #cancelRestore = () => {};
  #fetching = false;
  #attempt = 0;
  #stopped = false;
  picture: Picture | null = null;
  phase: Phase = "loading";
  leads = false;
  up = false;
  /** When news or a beat last came, in ms of this device's clock. */
  heardAt = 0;
  /** The server's clock minus this device's, in ms. */
  skewMs = 0;

  constructor(options: LinkOptions) {
    this.#o = options;
    const { liveUrl: url, makeSource, timers } = options;
    const handlers = {
      fact: (fact: Fact) => this.#news([fact], fact.position, undefined),
      beat: (position: number, at: string | undefined) => this.#news([], position, at),
      reading: (data: unknown) => this.#reading(data),
      resync: () => this.#resync(),
      up: (up: boolean) => this.#setUp(up),
    };
    this.#stream = new Stream({ url, makeSource, timers, handlers });
  }

  start(): void {
    const { share } = this.#o;
    if (share) share.channel.onmessage = (e) => this.#heard(e.data as Message);
    this.#fetch(0);
    this.#cancelRestore = this.#o.timers.after(RESTORE_MS, () => void this.#restore());
  }

  stop(): void {
    this.#stopped = true;
    this.#stream.stop();
    this.#cancelSilence();
    this.#cancelFetch();
    this.#cancelRestore();
    this.#releaseLock();
    this.#o.share?.channel.close();
  }

  /** The whole board again: the first one was only a part of it. */
  again(): void {
    this.#fetch(0);
  }

  /** The tab became visible, or the network came back. */
  nudge(): void {
    if (this.phase === "offline" || this.phase === "loading") return this.#fetch(0);
    if (this.leads) return this.#stream.nudge();
    this.#hello();
  }

  // ── the board ──

  #fetch(delayMs: number): void {
    this.#cancelFetch();
    this.#cancelFetch = this.#o.timers.after(delayMs, () => {
      if (this.#fetching) return;
      this.#fetching = true;
      this.#o.fetchBoard().then((a) => this.#landed(a), (e: unknown) => this.#failed(e)).finally(() => (this.#fetching = false));
    });
  }

  #landed(answer: BoardAnswer): void {
    if (this.#stopped) return;
    this.#cancelRestore();
    this.#attempt = 0;
    this.#pending = [];
    this.#beatAt = 0;
    this.picture = pictureFrom(answer);
    this.phase = "ready";
    this.#touch(answer.at);
    if (this.leads) this.#readFrom(this.picture);
    else this.#join();
    this.#o.changed(this);
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const status = error instanceof BoardRefused ? error.status : 0;
    this.phase = status === 401 ? "signed_out" : status === 403 ? "forbidden" : "offline";
    this.up = false;
    this.#o.changed(this);
    if (this.phase === "offline" && !this.picture) void this.#restore();
    if (this.phase === "offline") this.#fetch(fullJitter(this.#attempt++, this.#o.timers.random()));
  }

  /** Old news is better than none on a line that does not answer; its age is on it. Nothing is followed from here. */
  async #restore(): Promise<void> {
    this.#cancelRestore();
    const kept = await this.#o.kept?.().catch(() => null);
    if (!kept || this.picture || this.#stopped) return;
    this.picture = pictureFrom(kept.answer);
    this.heardAt = kept.heardAt;
    this.#o.changed(this);
  }

  // ── leading ──

  #join(): void {
    const { share } = this.#o;
    if (!share) {
      this.leads = true;
      return this.#readFrom(this.picture!);
    }
    this.#hello();
    this.#listen();
    if (this.#waiting) return;
    this.#waiting = true;
    this.#request(false);
  }

  #request(steal: boolean): void {
    const { share } = this.#o;
    const held = share!.lock(steal, () => new Promise<void>((release) => {
      if (this.#stopped) return release();
      this.#releaseLock = release;
      this.#lead();
    }));
    held.catch(() => this.#dethroned());
  }

  #lead(): void {
    this.leads = true;
    this.#cancelSilence();
    this.#readFrom(this.picture!);
    this.#post({ t: "lead" });
    this.#o.changed(this);
  }

  /** Another tab took the lock: this one was frozen and has just woken. */
  #dethroned(): void {
    if (this.#stopped || !this.leads) return;
    this.leads = false;
    this.#stream.stop();
    this.#hello();
    this.#listen();
    this.#request(false);
  }

  #readFrom(picture: Picture): void {
    this.#ring = [];
    this.#ringFrom = picture.position;
    this.#stream.start(picture.epoch, picture.position);
  }

  #resync(): void {
    this.#post({ t: "refetch", to: null });
    this.#setUp(false);
    this.#fetch(0);
  }

  #news(facts: Fact[], position: number, at: string | undefined): void {
    const epoch = this.#stream.epoch;
    const prev = this.#ring.at(-1)?.position ?? this.#ringFrom;
    this.#remember(facts);
    this.#setUp(true);
    this.#post({ t: "news", epoch, prev, position, facts, at, up: true });
    this.#take(facts, position, at);
  }

  #remember(facts: Fact[]): void {
    this.#ring.push(...facts);
    if (this.#ring.length > RING) this.#ringFrom = this.#ring.splice(0, this.#ring.length - RING).at(-1)!.position;
  }

  #reading(data: unknown): void {
    this.#post({ t: "reading", data });
    this.#touch(undefined);
    this.#o.reading(data);
  }

  #answer(hello: { from: string; epoch: string; after: number }): void {
    const mine = this.picture;
    if (!mine) return;
    const known = hello.epoch === this.#stream.epoch && hello.after >= this.#ringFrom;
    if (!known) return this.#post({ t: "refetch", to: hello.from });
    const facts = this.#ring.filter((f) => f.position > hello.after);
    this.#post({ t: "replay", to: hello.from, epoch: hello.epoch, facts, position: this.#stream.position, up: this.up });
  }

  // ── following ──

  #hello(): void {
    if (!this.picture || this.leads) return;
    this.#post({ t: "hello", from: this.#o.tab, epoch: this.picture.epoch, after: this.#position() });
  }

  #listen(): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#o.timers.after(SILENCE_MS, () => {
      this.#setUp(false);
      if (this.#o.visible() && !this.leads) this.#request(true);
      this.#listen();
    });
  }

  #heard(message: Message): void {
    if (this.#stopped) return;
    if (message.t === "hello") return this.leads ? this.#answer(message) : undefined;
    if (this.leads || !this.picture) return;
    switch (message.t) {
      case "lead":
        return this.#hello();
      case "reading":
        return this.#o.reading(message.data);
      case "refetch":
        // A lagging node may answer with an older board than the leader's; a pause lets it catch up.
        return message.to === null || message.to === this.#o.tab ? this.#fetch(250 + 750 * this.#o.timers.random()) : undefined;
      case "replay":
        if (message.to !== this.#o.tab || message.epoch !== this.picture.epoch) return;
        return this.#follow(message.facts, message.position, undefined, message.up);
      case "news":
        if (message.epoch !== this.picture.epoch || message.prev > this.#position()) return this.#hello();
        return this.#follow(message.facts, message.position, message.at, message.up);
    }
  }

  #follow(facts: Fact[], position: number, at: string | undefined, up: boolean): void {
    this.#listen();
    this.#setUp(up);
    this.#take(facts, position, at);
  }

  // ── both ──

  #position(): number {
    return Math.max(this.picture?.position ?? 0, this.#pending.at(-1)?.position ?? 0);
  }

  #take(facts: Fact[], position: number, at: string | undefined): void {
    this.#touch(at);
    this.#pending.push(...facts);
    this.#beatAt = Math.max(this.#beatAt, position);
    if (this.#gathering) return;
    this.#gathering = true;
    this.#o.timers.after(GATHER_MS, () => this.#flush());
  }

  #flush(): void {
    this.#gathering = false;
    const facts = this.#pending;
    const upTo = this.#beatAt;
    this.#pending = [];
    this.#beatAt = 0;
    const before = this.picture;
    if (!before) return;
    const fresh = facts.filter((f) => f.position > before.position);
    this.picture = advance(fold(before, fresh), upTo);
    if (fresh.length) this.#o.facts(fresh, this.picture);
    this.#o.changed(this);
  }

  #touch(serverAt: string | undefined): void {
    this.heardAt = this.#o.timers.now();
    this.skewMs = skew(serverAt, this.heardAt) ?? this.skewMs;
  }

  #setUp(up: boolean): void {
    if (this.up === up) return;
    this.up = up;
    this.#o.changed(this);
  }

  #post(message: Message): void {
    if (!this.#stopped) this.#o.share?.channel.postMessage(message);
  }
}
