/** A sound for what is urgent and new. It can be silenced, and the silence is on the screen. */
import type { Fact } from "../../core/types.ts";

/** Urgency 4 is danger to life. */
const URGENT = 4;
/** Ten at once are one alarm, not ten. */
const PAUSE_MS = 4_000;

/** New reports among these facts that need a person at once. */
export function urgentIn(facts: readonly Fact[]): number {
  const received = facts.filter((f) => f.kind === "report.received").flatMap((f) => f.put?.reports ?? []);
  return received.filter((r) => r.urgency >= URGENT).length;
}

export class Alarm {
  #context: AudioContext | null = null;
  #lastAt = -Infinity;

  /** Browsers allow sound only after a press: called on the first one. */
  unlock(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  get ready(): boolean {
    return this.#context?.state === "running";
  }

  ring(): void {
    const context = this.#context;
    if (!context || context.state !== "running" || performance.now() - this.#lastAt < PAUSE_MS) return;
    this.#lastAt = performance.now();
    [0, 0.22].forEach((delay, i) => this.#tone(context, context.currentTime + delay, i === 0 ? 740 : 988));
  }

  #tone(context: AudioContext, at: number, hertz: number): void {
    const [source, volume] = [context.createOscillator(), context.createGain()];
    source.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.22, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    source.connect(volume).connect(context.destination);
    source.start(at);
    source.stop(at + 0.21);
  }
}
