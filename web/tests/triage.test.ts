/** A report's words with the marks that triage gives. */
import { expect, test } from "vitest";
import { pieces } from "../src/core/triage.ts";

test("a text without marks is one piece", () => {
  expect(pieces("banjir", [])).toEqual([{ text: "banjir", kind: null }]);
  expect(pieces("", [])).toEqual([]);
});

test("marks count characters, not halves of an emoji", () => {
  const found = pieces("🌊 banjir!", [{ start: 2, end: 8, kind: "category" }]);
  expect(found.map((p) => p.text)).toEqual(["🌊 ", "banjir", "!"]);
});

test("what is denied is not shown as a danger", () => {
  const found = pieces("tidak terjebak", [{ start: 6, end: 14, kind: "sign" }, { start: 6, end: 14, kind: "not" }]);
  expect(found).toEqual([{ text: "tidak ", kind: null }, { text: "terjebak", kind: "not" }]);
});
