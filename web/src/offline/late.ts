/** What a page does for its life without a line, once its first picture is there. */
import type { App } from "../ui/app.svelte.ts";
import { keepPicture } from "./keep.ts";
import { install } from "./install.ts";

export function late(app: App): void {
  keepPicture(app);
  void install(app.box, app.me.lang);
}
