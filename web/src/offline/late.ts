/** What a page does for its life without a line, once its first picture is there. */
import type { App } from "../ui/app.svelte.ts";
import { keepPicture } from "./keep.ts";
import { install } from "./install.ts";

const WORKER_MS = 2_000;

export function late(app: App, shell: string): void {
  void app.box.kick();
  keepPicture(app);
  // The stream is back before the browser says «online», if it ever does.
  app.live.onUp(() => void app.box.kick());
  // The worker and what it keeps come when the page itself has all it needs: on a thin line each byte has its turn.
  setTimeout(() => void install(app.box, app.me.lang, shell), WORKER_MS);
}
