/// <reference types="vitest/config" />
import { readdirSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { svelte } from "@sveltejs/vite-plugin-svelte";

const here = import.meta.dirname;
const pages = resolve(here, "src/pages");

/** Every folder below src/pages that has a main.ts is an entry; a new face needs no line here. */
function entries(): Record<string, string> {
  const faces = readdirSync(pages, { withFileTypes: true }).filter((d) => d.isDirectory());
  const found = faces.map((d) => [d.name, resolve(pages, d.name, "main.ts")] as const);
  return Object.fromEntries(found.filter(([, file]) => existsSync(file)));
}

export default defineConfig({
  root: here,
  // The server serves web/dist under this path; chunks and styles find each other through it.
  base: "/assets/",
  plugins: [svelte()],
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
    rolldownOptions: { input: entries() },
  },
  server: { fs: { allow: [resolve(here, "..")] } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
