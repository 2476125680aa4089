import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, boardFromWire, boardToWire, fold, foldBoard, pictureFrom } from "../src/core/fold.ts";
import { GROUPS } from "../src/core/types.ts";
import type { Fact, GroupName, Groups, WireBoard } from "../src/core/types.ts";

const ids = fc.constantFrom("A", "B", "C", "D");
const group = fc.constantFrom(...GROUPS);
const row = fc.record({ id: ids, state: fc.string(), version: fc.nat() }) as unknown as fc.Arbitrary<Groups[GroupName]>;
const put = fc.dictionary(group, fc.array(row, { maxLength: 3 })) as fc.Arbitrary<WireBoard>;
const gone = fc.dictionary(group, fc.array(ids, { maxLength: 3 })) as fc.Arbitrary<NonNullable<Fact["gone"]>>;
const change = fc.record({ put, gone });

/** Facts as the journal gives them: positions go up, with gaps where a fact was for other eyes. */
const facts = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), change)).map((steps) => {
  let position = 10;
  return steps.map(([step, c]) => ({ position: (position += step), at: "", kind: "", actor: "", role: "", stream: "", version: 1, ...c }));
});
const start = put.map((board) => pictureFrom({ epoch: "e", position: 10, board }));
const wire = (p: { board: Parameters<typeof boardToWire>[0] }) => boardToWire(p.board);

describe("fold", () => {
  test("one by one, all at once, or cut anywhere: the same picture", () => {
    fc.assert(
      fc.property(start, facts, fc.nat(), (picture, all, cut) => {
        const at = all.length ? cut % all.length : 0;
        const whole = fold(picture, all);
        const single = all.reduce((p, f) => fold(p, [f]), picture);
        const halves = fold(fold(picture, all.slice(0, at)), all.slice(at));
        expect(wire(single)).toEqual(wire(whole));
        expect(wire(halves)).toEqual(wire(whole));
        expect(single.position).toBe(whole.position);
      }),
    );
  });

  test("what arrives twice changes nothing", () => {
    fc.assert(
      fc.property(start, facts, (picture, all) => {
        const once = fold(picture, all);
        expect(fold(once, all)).toBe(once);
        const doubled = fold(picture, all.flatMap((f) => [f, f]));
        expect(wire(doubled)).toEqual(wire(once));
      }),
    );
  });

  test("facts on different things may change places", () => {
    const left = fc.record({ put: fc.record({ reports: fc.array(row) }) });
    const right = fc.record({ put: fc.record({ tasks: fc.array(row) }), gone: fc.record({ incidents: fc.array(ids) }) });
    fc.assert(
      fc.property(put, left, right, (board, a, b) => {
        const before = boardFromWire(board);
        const [x, y] = [a as unknown as Fact, b as unknown as Fact];
        expect(boardToWire(foldBoard(before, [x, y]))).toEqual(boardToWire(foldBoard(before, [y, x])));
      }),
    );
  });

  test("gone, then put again: it is there; put, then gone: it is not", () => {
    const at = (position: number, c: Partial<Fact>) => ({ position, ...c }) as Fact;
    const here = { put: { reports: [{ id: "A" } as never] } };
    const away = { gone: { reports: ["A"] } };
    const empty = pictureFrom({ epoch: "e", position: 0, board: {} });
    expect(fold(empty, [at(1, here), at(2, away), at(3, here)]).board.reports.has("A")).toBe(true);
    expect(fold(empty, [at(1, here), at(2, away)]).board.reports.has("A")).toBe(false);
    expect(fold(empty, [at(1, { ...here, ...away })]).board.reports.has("A")).toBe(true);
  });

  test("a group that did not change is the same object, so nothing that reads it wakes", () => {
    const picture = pictureFrom({ epoch: "e", position: 0, board: { areas: [{ id: "x" } as never] } });
    const next = fold(picture, [{ position: 1, put: { reports: [{ id: "A" } as never] } } as unknown as Fact]);
    expect(next.board.areas).toBe(picture.board.areas);
    expect(picture.board.reports.size).toBe(0);
  });

  test("a beat moves the position forward only", () => {
    const picture = pictureFrom({ epoch: "e", position: 5, board: {} });
    expect(advance(picture, 9).position).toBe(9);
    expect(advance(picture, 4)).toBe(picture);
  });

  test("written and read again, a board is itself", () => {
    fc.assert(
      fc.property(put, (board) => {
        const once = boardToWire(boardFromWire(board));
        expect(boardToWire(boardFromWire(once))).toEqual(once);
      }),
    );
  });
});
