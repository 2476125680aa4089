/**
 * The client's fold as a filter, so that the server's tests can compare it with their own board.
 * stdin: JSON lines {board, facts[], epoch?, position?}; stdout: per line the folded {position, board}, groups sorted by id.
 * Runs the very TypeScript the pages run (Node 24 strips the types).
 */
import { createInterface } from "node:readline";
import { boardToWire, fold, pictureFrom } from "../src/core/fold.ts";

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  const { board, facts, epoch = "", position = 0 } = JSON.parse(line);
  const after = fold(pictureFrom({ epoch, position, board }), facts);
  process.stdout.write(JSON.stringify({ position: after.position, board: boardToWire(after.board) }) + "\n");
}
