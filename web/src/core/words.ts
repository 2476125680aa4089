/**
 * The catalogue: `{"key": {"id": "…", "en": "…"}}` with `{name}` gaps, the same files that the server reads.
 * A key that is missing shows itself, so that it is found by the first person who looks.
 */
import type { Params, Reason } from "./types.ts";

export type Lang = "id" | "en";
/** In a built page an entry is the one sentence of the page's language (tools/words.ts). */
export type Catalogue = Record<string, { id: string; en: string } | string>;
export type Say = (key: string, params?: Params) => string;

export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = params[name];
    return value === undefined || value === null ? gap : String(value);
  });
}

export class Words {
  readonly lang: Lang;
  readonly #entries: Catalogue;

  constructor(lang: Lang, ...catalogues: Catalogue[]) {
    this.lang = lang;
    this.#entries = Object.assign({}, ...catalogues) as Catalogue;
  }

  /** More sentences, for parts of a page that come later. What is there already stays: it may be the other language. */
  add(...catalogues: Catalogue[]): void {
    for (const catalogue of catalogues) for (const key in catalogue) this.#entries[key] ??= catalogue[key]!;
  }

  has(key: string): boolean {
    return key in this.#entries;
  }

  say: Say = (key, params = {}) => {
    const entry = this.#entries[key];
    return entry ? fill(typeof entry === "string" ? entry : entry[this.lang], params) : key;
  };

  /** «Air selutut (+30)»: the words of a reason; its code stands in where the catalogue has none. */
  reason(reason: Reason): string {
    return this.say(`reason.${reason.code}`, reason.params);
  }
}
