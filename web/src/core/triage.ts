/** What triage makes of a report (`GET /api/v1/reports/<id>/triage`), and its text in pieces for showing the marks. */
export type MarkKind = "category" | "sign" | "depth" | "not" | "maybe";

export interface Mark {
  start: number;
  end: number;
  kind: MarkKind;
}

export interface Same {
  id: string;
  ref: string;
  state: string;
  incident: string | null;
  category: string;
  text: string;
  score: number;
  metres: number | null;
  minutes: number;
  kind: "same" | "group" | "other";
  words: string[];
}

export interface Triage {
  id: string;
  marks: Mark[];
  categories: { category: string; agency: string; share: number }[];
  sure: boolean;
  by: "rules" | "learned";
  margin: number;
  measured: { precision: number | null; share: number; rows: number; asked: boolean } | null;
  languages: { code: string; name: string; share: number }[];
  place: { area: string | null; candidates: string[]; differs: boolean };
  masked: string[];
  same: Same[];
}

export interface Piece {
  text: string;
  kind: MarkKind | null;
}

/** Stronger ones win where marks lie over each other: what is denied must not look like a danger. */
const STRENGTH: MarkKind[] = ["not", "maybe", "sign", "depth", "category"];

/** The text cut at its marks. The server counts characters, a string here has two for some (an emoji). */
export function pieces(text: string, marks: readonly Mark[]): Piece[] {
  const letters = Array.from(text);
  const kinds: (MarkKind | null)[] = letters.map(() => null);
  for (const kind of STRENGTH.toReversed()) {
    for (const mark of marks) if (mark.kind === kind) kinds.fill(kind, mark.start, mark.end);
  }
  const found: Piece[] = [];
  letters.forEach((letter, i) => {
    const last = found.at(-1);
    if (last && last.kind === kinds[i]) last.text += letter;
    else found.push({ text: letter, kind: kinds[i]! });
  });
  return found;
}
