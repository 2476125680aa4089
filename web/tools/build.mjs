/**
 * Builds the pages, then puts the whole folder in place at once: a running server never serves half a build, and two
 * builds at the same time do not mix. Beside the bundle stand, under stable names, what the server's own pages link
 * (css/tokens.css, css/page.css, css/icons.svg), and a .br and .gz of every file, so that the server only picks one.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";
import { filesOf } from "./worker.mjs";
import { sprite } from "../src/ui/icons.ts";

const here = join(import.meta.dirname, "..");
/** Below this a packet is a packet; compressing only costs. */
const SMALLEST = 300;
const PACKED = /\.(br|gz|png|webp|woff2)$/;

function styles(folder) {
  mkdirSync(join(folder, "css"));
  for (const name of ["tokens.css", "page.css"]) copyFileSync(join(here, "src/ui/css", name), join(folder, "css", name));
  writeFileSync(join(folder, "css/icons.svg"), sprite());
}

/** The service worker: one file under a name that never changes, which knows the files of this build. */
async function worker(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  await build({
    configFile: false,
    root: here,
    logLevel: "warn",
    define: { HADIR_FILES: JSON.stringify(filesOf(manifest)) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2022",
      lib: { entry: join(here, "src/sw/sw.ts"), formats: ["iife"], name: "hadir", fileName: () => "sw.js" },
    },
  });
}

function pack(folder) {
  for (const entry of readdirSync(folder, { recursive: true })) {
    const file = join(folder, entry);
    if (!statSync(file).isFile() || PACKED.test(file) || statSync(file).size < SMALLEST) continue;
    const bytes = readFileSync(file);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    // No time in the header: the same source gives the same bytes.
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

function swap(made, dist) {
  const old = `${made}.old`;
  rmSync(old, { recursive: true, force: true });
  try {
    renameSync(dist, old);
  } catch (error) {
    if (error.code !== "ENOENT") throw error; // the first build
  }
  renameSync(made, dist);
  rmSync(old, { recursive: true, force: true });
}

const made = mkdtempSync(join(here, "node_modules/.build-"));
try {
  await build({ root: here, configFile: join(here, "vite.config.ts"), logLevel: "warn", build: { outDir: made, emptyOutDir: true } });
  await worker(made);
  styles(made);
  pack(made);
  chmodSync(made, 0o755); // a temporary folder is its maker's alone
  swap(made, join(here, "dist"));
} finally {
  rmSync(made, { recursive: true, force: true });
}
