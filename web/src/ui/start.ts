/** Starts a staff page: boot data, words, the live link, and the page component with the app in its context. */
import { mount } from "svelte";
import type { Component } from "svelte";
import { readBoot } from "../core/boot.ts";
import type { Catalogue } from "../core/words.ts";
import { App } from "./app.svelte.ts";
import Shell from "./Shell.svelte";
import "./css/tokens.css";

export function start(page: Component, ...catalogues: Catalogue[]): App {
  const app = new App(readBoot(document), catalogues);
  const target = document.getElementById("app") ?? document.body;
  target.replaceChildren();
  mount(Shell, { target, props: { app, page } });
  app.live.start();
  return app;
}
