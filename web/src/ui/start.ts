/** Starts a staff page: boot data, words, the live link, and the page component with the app in its context. */
import { mount } from "svelte";
import type { Component } from "svelte";
import { readBoot } from "../core/boot.ts";
import type { Catalogue } from "../core/words.ts";
import { App } from "./app.svelte.ts";
import Shell from "./Shell.svelte";
import { untilLoaded } from "../core/again.ts";
import "./css/tokens.css";

// A picture on a thin line takes three seconds; what comes later must not take its bytes.
const LATE_MS = 6_000;

export async function start(page: Component, ...given: Catalogue[]): Promise<App> {
  // The page as it came, before anything is drawn in it: what is kept for when there is no line.
  const shell = document.documentElement.outerHTML;
  const catalogues: Catalogue[] = [...given];
  const boot = readBoot(document);
  // Built pages carry Indonesian; who reads English fetches it, and it goes over what is there.
  if (boot.me.lang === "en") catalogues.push((await import("virtual:english")).default);
  const app = new App(boot, catalogues);
  const target = document.getElementById("app") ?? document.body;
  target.replaceChildren();
  mount(Shell, { target, props: { app, page } });
  app.live.start();
  // What the page does without a line comes after the first picture, or when that does not come.
  let begun = false;
  const later = (): void => {
    if (!begun) void untilLoaded(() => import("../offline/late.ts")).then(({ late }) => late(app, shell));
    begun = true;
  };
  app.live.onUp(later);
  setTimeout(later, LATE_MS);
  return app;
}
