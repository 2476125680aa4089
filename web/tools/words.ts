/**
 * The catalogue in a built page: Indonesian only, as plain strings; English for all faces is one file of its own, fetched
 * by whoever reads English. It saves a sixth of the first load. In tests and under the dev server nothing changes.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";

const ENGLISH = "virtual:english";
/** Files of the catalogue that a browser never needs. */
const SERVERS = new Set(["citizen", "evidence", "login", "notices", "problems", "refusals"]);

type Catalogue = Record<string, { id: string; en: string }>;

function pick(catalogue: Catalogue, lang: "id" | "en"): Record<string, string> {
  return Object.fromEntries(Object.entries(catalogue).map(([key, entry]) => [key, entry[lang]]));
}

export function words(folder: string, names: string[]): Plugin {
  const read = (name: string) => JSON.parse(readFileSync(resolve(folder, name), "utf8")) as Catalogue;
  let building = false;
  return {
    name: "hadir-words",
    enforce: "pre",
    configResolved: (config) => void (building = config.command === "build"),
    resolveId: (id) => (id === ENGLISH ? `\0${ENGLISH}` : null),
    load(id) {
      if (id !== `\0${ENGLISH}`) return null;
      const files = building ? names.filter((n) => !SERVERS.has(n.replace(".json", ""))) : [];
      return `export default ${JSON.stringify(pick(Object.assign({}, ...files.map(read)), "en"))}`;
    },
    transform(code, id) {
      const found = building && id.startsWith(folder) && id.endsWith(".json");
      return found ? { code: JSON.stringify(pick(JSON.parse(code) as Catalogue, "id")), map: null } : null;
    },
  };
}
