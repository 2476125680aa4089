/** Runs once the node has been on a visible screen for a second: an order that lies under another page was not seen. */
const SEEN_MS = 1000;

export function onscreen(node: Element, run: () => void): { destroy(): void } {
  let inView = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = () => {
    clearTimeout(timer);
    if (inView && document.visibilityState === "visible") timer = setTimeout(done, SEEN_MS);
  };
  const observer = new IntersectionObserver((entries) => {
    inView = entries.some((e) => e.isIntersecting);
    look();
  }, { threshold: 0.5 });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("visibilitychange", look);
  };
  function done(): void {
    stop();
    run();
  }
  observer.observe(node);
  document.addEventListener("visibilitychange", look);
  return { destroy: stop };
}
