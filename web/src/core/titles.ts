/** What nobody gave a name is called by its kind and place, in the viewer's own words: the server sends no title for it. */
import type { Names } from "./boot.ts";
import type { Board, Incident } from "./types.ts";

const said = new WeakMap<Incident, Incident>();

function titled(row: Incident, names: Pick<Names, "title">): Incident {
  if (row.title) return row;
  // The same row gives the same object, so that nothing is drawn anew for a name.
  const known = said.get(row) ?? { ...row, title: names.title(row.category, row.place.area) };
  said.set(row, known);
  return known;
}

/** The board with a title for every incident. */
export function withTitles(board: Board, names: Pick<Names, "title">): Board {
  return { ...board, incidents: new Map([...board.incidents].map(([id, row]) => [id, titled(row, names)])) };
}
