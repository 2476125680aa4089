/** Which built files a face can ever need: what the service worker keeps. */
import { createHash } from "node:crypto";

/** Faces that are used where there is no line, and what they do without there: the large map of a desk. */
const FACES = ["petugas", "pimpin", "opd"];
const NOT_KEPT = /src\/map\/engine|maplibre/;
const ENGLISH = /virtual[:_]english/;

function gather(manifest, name, found) {
  const entry = manifest[name];
  if (!entry || found.has(name) || NOT_KEPT.test(name) || ENGLISH.test(name)) return;
  found.set(name, [entry.file, ...(entry.css ?? []), ...(entry.assets ?? [])]);
  for (const each of [...(entry.imports ?? []), ...(entry.dynamicImports ?? [])]) gather(manifest, each, found);
}

export function filesOf(manifest) {
  const faces = Object.fromEntries(
    FACES.map((face) => {
      const found = new Map();
      gather(manifest, `src/pages/${face}/main.ts`, found);
      return [face, [...new Set(["icon.svg", ...[...found.values()].flat()])].sort()];
    }),
  );
  const english = Object.entries(manifest).filter(([name]) => ENGLISH.test(name)).map(([, entry]) => entry.file);
  const version = createHash("sha256").update(JSON.stringify([faces, english])).digest("hex").slice(0, 12);
  return { version, faces, english };
}
