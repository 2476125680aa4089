/** A sound of two tones, for what somebody has to notice at once. */

/** Ten at once are one, not ten. */
const PAUSE_MS = 4_000;

export class Bell {
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
