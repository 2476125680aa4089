/**
 * The last picture, kept on this device: what an officer sees when he opens the page without a line. Only on the faces
 * that are used away from a desk, and gone when he signs out; what waits in the outbox stays for when he comes back.
 */
import { boardToWire } from "../core/fold.ts";
import type { App } from "../ui/app.svelte.ts";

const KEEPS: ReadonlySet<string> = new Set(["officer", "leader", "desk", "agency_head"]);
/** Writing a picture costs a phone some milliseconds; so much of what happened may be missing after a kill. */
const EVERY_MS = 10_000;

export function keepPicture(app: App): void {
  if (!KEEPS.has(app.me.role)) return;
  let saved = -1;
  const save = (): void => {
    const { picture, heardAt, phase } = app.live;
    if (!picture || phase !== "ready" || picture.position === saved) return;
    saved = picture.position;
    const { epoch, position, board } = picture;
    void app.box.savePicture({ epoch, position, board: boardToWire(board) }, heardAt).catch(() => (saved = -1));
  };
  setInterval(save, EVERY_MS);
  setTimeout(save, 1_000);
  document.addEventListener("visibilitychange", () => document.hidden && save());
}
