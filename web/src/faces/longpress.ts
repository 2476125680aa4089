/** Holding a thing does its main action; a short press opens it. A button beside it does the same for whoever cannot hold. */
const HOLD_MS = 550;
/** A finger that moves this far scrolls. */
const SLIP_PX = 10;

export function longpress(node: Element, onhold: () => void): { update(next: () => void): void; destroy(): void } {
  let run = onhold;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start = { x: 0, y: 0 };
  let held = false;

  const stop = () => {
    clearTimeout(timer);
    node.removeAttribute("data-holding");
  };
  const down = (e: Event) => {
    const { clientX: x, clientY: y, button } = e as PointerEvent;
    if (button !== 0) return;
    held = false;
    start = { x, y };
    node.setAttribute("data-holding", "");
    timer = setTimeout(() => {
      held = true;
      stop();
      run();
    }, HOLD_MS);
  };
  const move = (e: Event) => {
    const { clientX, clientY } = e as PointerEvent;
    if (Math.hypot(clientX - start.x, clientY - start.y) > SLIP_PX) stop();
  };
  const click = (e: Event) => {
    if (!held) return;
    held = false;
    e.stopImmediatePropagation();
    e.preventDefault();
  };
  const menu = (e: Event) => e.preventDefault();
  const on: [string, (e: Event) => void, boolean?][] = [
    ["pointerdown", down], ["pointermove", move], ["pointerup", stop], ["pointercancel", stop], ["pointerleave", stop],
    ["click", click, true], ["contextmenu", menu],
  ];
  for (const [type, listener, capture] of on) node.addEventListener(type, listener, capture);
  return {
    update: (next) => void (run = next),
    destroy() {
      stop();
      for (const [type, listener, capture] of on) node.removeEventListener(type, listener, capture);
    },
  };
}
