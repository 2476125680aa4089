/**
 * My press shows at once: a prediction laid over the board until the server's own fact has arrived.
 * A prediction is never folded; taking it away leaves exactly the server's picture.
 */
import { GROUPS } from "./types.ts";
import type { Board, GroupName, Groups } from "./types.ts";

export interface Prediction {
  /** Which press this is; two presses on one row are two predictions, the later on top. */
  command: string;
  row: string;
  patch: Record<string, unknown>;
  /** The position the server gave it; null while no answer has come. */
  position: number | null;
}

/** Predictions whose fact the picture already holds are over. */
export function standing(predictions: readonly Prediction[], position: number): Prediction[] {
  return predictions.filter((p) => p.position === null || p.position > position);
}

function patched(rows: ReadonlyMap<string, Groups[GroupName]>, predictions: readonly Prediction[]) {
  const mine = predictions.filter((p) => rows.has(p.row));
  if (mine.length === 0) return rows;
  const next = new Map(rows);
  for (const p of mine) next.set(p.row, { ...next.get(p.row)!, ...p.patch } as Groups[GroupName]);
  return next;
}

export function overlay(board: Board, predictions: readonly Prediction[]): Board {
  if (predictions.length === 0) return board;
  return Object.fromEntries(GROUPS.map((g) => [g, patched(board[g], predictions)])) as unknown as Board;
}
