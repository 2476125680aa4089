/** The city's borders, fetched once a page. */
import type { Areas } from "../core/geo.ts";

const known = new Map<string, Promise<Areas>>();

async function load(url: string): Promise<Areas> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as Areas;
}

export function areas(url: string): Promise<Areas> {
  const found = known.get(url) ?? load(url);
  known.set(url, found);
  // A failure is not remembered: the next one who asks tries again.
  found.catch(() => known.delete(url));
  return found;
}
