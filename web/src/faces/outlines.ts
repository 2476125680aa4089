/** The areas' outlines, asked for once and as early as possible: before the page's own components have started. */
import type { Outlines } from "./geo.ts";

export type { Outlines } from "./geo.ts";

let asked: Promise<Outlines | null> | null = null;

/** Null where they cannot be had: the map then draws the areas as discs at their centres. */
export function outlines(url: string): Promise<Outlines | null> {
  asked ??= fetch(url)
    .then((answer) => (answer.ok ? (answer.json() as Promise<Outlines>) : null))
    .catch(() => null);
  return asked;
}
