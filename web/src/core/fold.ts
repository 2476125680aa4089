/**
 * The client's half of "fold(board before, facts) == board after" (docs/design: the live stream).
 *
 * Rules, and the whole of them: a fact's `gone` removes by id, then its `put` replaces by id; a fact at or before the
 * picture's position has been folded already and changes nothing. Pure: a new picture shares every group that did not
 * change, so a view that reads one group is not woken by another.
 */
import { GROUPS } from "./types.ts";
import type { Board, BoardAnswer, Fact, GroupName, Groups, Picture, WireBoard } from "./types.ts";

type AnyGroup = ReadonlyMap<string, Groups[GroupName]>;

export function boardFromWire(wire: WireBoard): Board {
  const byId = (g: GroupName): AnyGroup => new Map((wire[g] ?? []).map((row) => [row.id, row]));
  return Object.fromEntries(GROUPS.map((g) => [g, byId(g)])) as unknown as Board;
}

/** Lists sorted by id, so that two equal boards are written alike. */
export function boardToWire(board: Board): Required<WireBoard> {
  const rows = (g: GroupName) => [...board[g].values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return Object.fromEntries(GROUPS.map((g) => [g, rows(g)])) as unknown as Required<WireBoard>;
}

export function pictureFrom(answer: BoardAnswer): Picture {
  return { epoch: answer.epoch, position: answer.position, board: boardFromWire(answer.board) };
}

function touches(fact: Fact, group: GroupName): boolean {
  return Boolean(fact.put?.[group]?.length || fact.gone?.[group]?.length);
}

function foldGroup(rows: Map<string, Groups[GroupName]>, fact: Fact, group: GroupName): void {
  for (const id of fact.gone?.[group] ?? []) rows.delete(id);
  for (const row of fact.put?.[group] ?? []) rows.set(row.id, row);
}

/** Facts in the order of their positions onto a board. One copy per changed group, however many facts. */
export function foldBoard(board: Board, facts: readonly Fact[]): Board {
  const changed = GROUPS.filter((g) => facts.some((f) => touches(f, g)));
  if (changed.length === 0) return board;
  const next: Record<string, AnyGroup> = { ...board };
  for (const group of changed) {
    const rows = new Map<string, Groups[GroupName]>(board[group]);
    for (const fact of facts) foldGroup(rows, fact, group);
    next[group] = rows;
  }
  return next as unknown as Board;
}

/** Facts onto a picture: what it already contains is skipped, the position moves to the last one folded. */
export function fold(picture: Picture, facts: readonly Fact[]): Picture {
  const fresh: Fact[] = [];
  let position = picture.position;
  for (const fact of facts) {
    if (fact.position <= position) continue;
    position = fact.position;
    fresh.push(fact);
  }
  if (fresh.length === 0) return picture;
  return { ...picture, position, board: foldBoard(picture.board, fresh) };
}

/** A beat: everything up to `position` has been examined for this viewer, and none of it was theirs. */
export function advance(picture: Picture, position: number): Picture {
  return position > picture.position ? { ...picture, position } : picture;
}
