import { expect, test } from "vitest";
import { boardFromWire } from "../src/core/fold.ts";
import { withTitles } from "../src/core/titles.ts";

const row = (id: string, title: string, area: string | null) => ({ id, title, category: "flood", place: { area } }) as never;
const names = (flood: string) => ({ title: (category: string, area: string | null) => [category === "flood" ? flood : category, area].filter(Boolean).join(" – ") });

test("what has no name is called by kind and place in the viewer's words; a given name stays", () => {
  const board = boardFromWire({ incidents: [row("A", "", "Gedog"), row("B", "Tanggul jebol", "Gedog"), row("C", "", null)] });
  const titles = (flood: string) => [...withTitles(boardFromWire({ incidents: [row("A", "", "Gedog"), row("B", "Tanggul jebol", "Gedog"), row("C", "", null)] }), names(flood)).incidents.values()].map((i) => i.title);
  expect(titles("Banjir")).toEqual(["Banjir – Gedog", "Tanggul jebol", "Banjir"]);
  expect(titles("Flood")).toEqual(["Flood – Gedog", "Tanggul jebol", "Flood"]);
  const first = withTitles(board, names("Flood"));
  expect(withTitles(board, names("Flood")).incidents.get("A")).toBe(first.incidents.get("A"));
});
