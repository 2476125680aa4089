/// <reference types="vitest/config" />
import { readdirSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { words } from "./tools/words.ts";

const here = import.meta.dirname;
const pages = resolve(here, "src/pages");
const catalogue = resolve(here, "../src/hadir/words");

/** Every folder below src/pages that has a main.ts is an entry; a new face needs no line here. */
function entries(): Record<string, string> {
  const faces = readdirSync(pages, { withFileTypes: true }).filter((d) => d.isDirectory());
  const found = faces.map((d) => [d.name, resolve(pages, d.name, "main.ts")] as const);
  return Object.fromEntries(found.filter(([, file]) => existsSync(file)));
}

/**
 * One file for what nearly all faces need to draw their first picture; what only forms and details need stays out of it.
 * On a slow line each file costs a turn and a dictionary of its own, and each byte counts for the leader's phone.
 */
const later = /svelte\/src\/animate|elements\/transitions|core\/(queue|counts|matter|alarms|dispatch|alike|talk|triage)|bindings\/(select|input)|ui\/(Photos|Dialog|Timeline|Reasons|Outbox\.)|faces\/(Pick|Depth|Reason|TaskCheck)/;
const first = /node_modules\/(svelte|clsx)|preload-helper|src\/(core|live|ui)\/|offline\/(box|early)|faces\/(Top|Menu|Late|route|place|outlines|near|why|geo)|actions\/(types|send|incident\/giveOrder)|words\/(core|staff)\.json/;
const base = { name: "base", minShareCount: 2, test: (id: string) => first.test(id) && !later.test(id) };

export default defineConfig({
  root: here,
  // The server serves web/dist under this path; chunks and styles find each other through it.
  base: "/assets/",
  plugins: [words(catalogue, readdirSync(catalogue).filter((n) => n.endsWith(".json"))), svelte()],
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    assetsDir: "",
    target: "es2022",
    // A preload helper in every entry costs more than it saves with so few chunks.
    modulePreload: { polyfill: false },
    // Inlined data: URLs would need a hole in the page's content policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The map library alone is larger than the default warns at; it comes after the first picture.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: entries(),
      // How long each plugin took is of no use to somebody who sets the program up.
      checks: { pluginTimings: false },
      // What only forms need of Svelte has no effect by being loaded; unless that is said, the first picture waits for it.
      treeshake: { moduleSideEffects: [{ test: /svelte\/src\/internal\/client\/dom\/elements\//, sideEffects: false }] },
      output: { codeSplitting: { groups: [base], includeDependenciesRecursively: false } },
    },
  },
  server: { fs: { allow: [resolve(here, "..")] } },
  // How long a test takes says nothing on a machine that others share.
  test: { include: ["tests/**/*.test.ts"], environment: "node", testTimeout: 60_000, hookTimeout: 60_000 },
});
