/** A server, a clock, a lock and a channel for the live client, all turned by hand. */
import { boardToWire, fold, pictureFrom } from "../src/core/fold.ts";
import type { BoardAnswer, Fact, Picture } from "../src/core/types.ts";
import type { Timers } from "../src/live/backoff.ts";
import { Link } from "../src/live/link.ts";
import type { ChannelLike, LinkOptions } from "../src/live/link.ts";
import type { SourceLike } from "../src/live/stream.ts";

export class FakeTimers implements Timers {
  #now = 1_000_000;
  #queue: { at: number; run: () => void }[] = [];
  now = () => this.#now;
  random = () => 0.5;
  after = (ms: number, run: () => void) => {
    const entry = { at: this.#now + ms, run };
    this.#queue.push(entry);
    return () => void (this.#queue = this.#queue.filter((e) => e !== entry));
  };
  /** Runs what falls due, letting promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#queue.filter((e) => e.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#queue = this.#queue.filter((e) => e !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
    await settle();
  }
}

export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}

type Listener = (event: { data?: string; lastEventId?: string }) => void;

export class FakeSource implements SourceLike {
  readyState = 0;
  #listeners = new Map<string, Listener[]>();
  readonly after: string;
  constructor(url: string) {
    this.after = new URL(url, "http://city").searchParams.get("after") ?? "";
  }
  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }
  emit(type: string, data?: unknown, lastEventId?: string): void {
    if (this.readyState === 2) return;
    for (const run of this.#listeners.get(type) ?? []) run({ data: data === undefined ? "" : JSON.stringify(data), lastEventId });
  }
  close(): void {
    this.readyState = 2;
  }
  /** The server answered with something that is not 200: EventSource gives up. */
  refuse(): void {
    this.readyState = 2;
    for (const run of this.#listeners.get("error") ?? []) run({});
  }
}

/** A journal for one audience, with as many open streams as there are leaders. */
export class FakeServer {
  epoch = "e1";
  picture: Picture = pictureFrom({ epoch: "e1", position: 0, board: {} });
  facts: Fact[] = [];
  /** Facts before this position can no longer be sent. */
  keptFrom = 0;
  sources: FakeSource[] = [];
  reachable = true;

  say(change: Partial<Fact>): void {
    const fact = { position: this.picture.position + 1, at: "", kind: "", actor: "", role: "", stream: "", version: 1, ...change };
    this.facts.push(fact);
    this.picture = fold(this.picture, [fact]);
    for (const s of this.open()) s.emit("fact", fact, `${this.epoch}-${fact.position}`);
  }

  open(): FakeSource[] {
    return this.sources.filter((s) => s.readyState === 1);
  }

  beat(): void {
    for (const s of this.open()) s.emit("beat", { at: "2026-01-07T07:00:00Z" }, `${this.epoch}-${this.picture.position}`);
  }

  board = async (): Promise<BoardAnswer> => {
    if (!this.reachable) throw new TypeError("network");
    const { epoch, position, board } = this.picture;
    return { epoch, position, board: boardToWire(board) };
  };

  connect = (url: string): FakeSource => {
    const source = new FakeSource(url);
    this.sources.push(source);
    // The answer comes after the listeners are on, as in a browser.
    void Promise.resolve().then(() => this.#serve(source));
    return source;
  };

  #serve(source: FakeSource): void {
    if (source.readyState === 2) return;
    if (!this.reachable) return source.refuse();
    source.readyState = 1;
    source.emit("open");
    const [epoch, position] = source.after.split("-") as [string, string];
    if (epoch !== this.epoch || Number(position) < this.keptFrom) return source.emit("resync", {});
    for (const f of this.facts) if (f.position > Number(position)) source.emit("fact", f, `${this.epoch}-${f.position}`);
  }

  /** Every connection is cut; the browser's EventSource would retry, ours is told it is over. */
  cut(): void {
    for (const s of this.open()) s.refuse();
  }

  restore(): void {
    this.epoch = `${this.epoch}x`;
    this.picture = { ...this.picture, epoch: this.epoch };
    this.facts = [];
    this.keptFrom = this.picture.position;
    this.cut();
  }
}

/** All tabs of one browser: a lock and a channel that may lose messages. */
export class FakeBrowser {
  #members: ChannelLike[] = [];
  #holder: { release: () => void; stolen: (e: Error) => void } | null = null;
  #waiting: (() => void)[] = [];
  lose = false;
  tabs: Link[] = [];

  readonly server: FakeServer;
  readonly timers: FakeTimers;

  constructor(server: FakeServer, timers: FakeTimers) {
    this.server = server;
    this.timers = timers;
  }

  channel(): ChannelLike {
    const member: ChannelLike = {
      onmessage: null,
      postMessage: (m) => {
        if (this.lose) return;
        const copy = structuredClone(m);
        for (const other of this.#members) if (other !== member) void Promise.resolve().then(() => other.onmessage?.({ data: copy }));
      },
      close: () => void (this.#members = this.#members.filter((x) => x !== member)),
    };
    this.#members.push(member);
    return member;
  }

  lock = (steal: boolean, run: () => Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      const grant = () => {
        const me = { release: () => {}, stolen: reject };
        this.#holder = me;
        void run().then(() => {
          resolve();
          if (this.#holder !== me) return;
          this.#holder = null;
          this.#waiting.shift()?.();
        });
      };
      if (steal && this.#holder) {
        this.#holder.stolen(new Error("stolen"));
        return grant();
      }
      if (this.#holder) this.#waiting.push(grant);
      else grant();
    });

  tab(more: Partial<LinkOptions> = {}): Link {
    const link = new Link({
      tab: `tab${this.tabs.length}`,
      fetchBoard: this.server.board,
      liveUrl: "/api/v1/live",
      makeSource: this.server.connect,
      timers: this.timers,
      share: { channel: this.channel(), lock: this.lock },
      visible: () => true,
      changed: () => {},
      facts: () => {},
      reading: () => {},
      ...more,
    });
    this.tabs.push(link);
    link.start();
    return link;
  }
}
