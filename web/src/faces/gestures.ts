/** One finger or the mouse pans, two fingers or the wheel zoom; a tap stays a tap. */
export interface Moves {
  /** `x`, `y`: pixels from the middle of the window. */
  zoom(by: number, x: number, y: number): void;
  pan(dx: number, dy: number): void;
}

/** Below this a trembling finger still taps. */
const SLIP_PX = 6;

export class Gestures {
  readonly #moves: Moves;
  readonly #down = new Map<number, { x: number; y: number }>();
  #travelled = 0;

  constructor(moves: Moves) {
    this.#moves = moves;
  }

  /** Whether the press that has just ended was a movement and no tap. */
  get moved(): boolean {
    return this.#travelled > SLIP_PX;
  }

  attach = (node: Element): { destroy(): void } => {
    const on: [string, (e: never) => void][] = [
      ["pointerdown", this.#press], ["pointermove", this.#drag], ["pointerup", this.#lift], ["pointercancel", this.#lift],
      ["pointerleave", this.#lift], ["wheel", this.#wheel],
    ];
    for (const [type, run] of on) node.addEventListener(type, run as EventListener, { passive: type !== "wheel" });
    return { destroy: () => on.forEach(([type, run]) => node.removeEventListener(type, run as EventListener)) };
  };

  #press = (e: PointerEvent): void => {
    if (this.#down.size === 0) this.#travelled = 0;
    this.#down.set(e.pointerId, { x: e.clientX, y: e.clientY });
  };

  #lift = (e: PointerEvent): void => {
    this.#down.delete(e.pointerId);
  };

  #drag = (e: PointerEvent): void => {
    const last = this.#down.get(e.pointerId);
    if (!last) return;
    const next = { x: e.clientX, y: e.clientY };
    const other = [...this.#down].find(([id]) => id !== e.pointerId)?.[1];
    this.#travelled += Math.hypot(next.x - last.x, next.y - last.y);
    this.#down.set(e.pointerId, next);
    if (!this.moved) return;
    if (other) this.#pinch(e, last, next, other);
    else this.#moves.pan(next.x - last.x, next.y - last.y);
  };

  #pinch(e: PointerEvent, last: { x: number; y: number }, next: { x: number; y: number }, other: { x: number; y: number }): void {
    const apart = (p: { x: number; y: number }) => Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
    const { x, y } = this.#fromMiddle(e, (next.x + other.x) / 2, (next.y + other.y) / 2);
    this.#moves.zoom(apart(next) / apart(last), x, y);
  }

  #wheel = (e: WheelEvent): void => {
    e.preventDefault();
    const { x, y } = this.#fromMiddle(e, e.clientX, e.clientY);
    this.#moves.zoom(Math.exp(-e.deltaY / 400), x, y);
  };

  #fromMiddle(e: Event, x: number, y: number): { x: number; y: number } {
    const box = (e.currentTarget as Element).getBoundingClientRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  }
}
