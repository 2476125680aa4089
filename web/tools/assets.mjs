/**
 * After the bundler: what the server's own pages link by stable names (css/tokens.css, css/page.css, css/icons.svg),
 * and a .br and .gz beside every file, so that the server only picks one.
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { sprite } from "../src/ui/icons.ts";

const here = join(import.meta.dirname, "..");
const dist = join(here, "dist");
/** Below this a packet is a packet; compressing only costs. */
const SMALLEST = 300;
const PACKED = /\.(br|gz|png|webp|woff2)$/;

mkdirSync(join(dist, "css"), { recursive: true });
for (const name of ["tokens.css", "page.css"]) copyFileSync(join(here, "src/ui/css", name), join(dist, "css", name));
writeFileSync(join(dist, "css/icons.svg"), sprite());

for (const entry of readdirSync(dist, { recursive: true })) {
  const file = join(dist, entry);
  if (!statSync(file).isFile() || PACKED.test(file) || statSync(file).size < SMALLEST) continue;
  const bytes = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  // No time in the header: the same source gives the same bytes.
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}
