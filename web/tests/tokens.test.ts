/** WCAG 2.2 AA, computed from the token file itself: what the page relies on cannot drift. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("../src/ui/css/tokens.css", import.meta.url), "utf8");

function colours(selector: string): Record<string, string> {
  const start = css.indexOf(selector);
  expect(start, `${selector} is in tokens.css`).toBeGreaterThan(-1);
  const block = css.slice(css.indexOf("{", start), css.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (hi + 0.05) / (lo + 0.05);
}

const TEXT = ["ink", "ink-2", "ink-3", "accent", "danger", "warn", "ok", "info"];
const PAPERS = ["ground", "paper", "raised"];
const themes = {
  light: colours('[data-theme="light"] {'),
  dark: colours('\n[data-theme="dark"] {'),
  "dark by the system": colours(':root:not([data-theme="light"]) {'),
};

describe.each(Object.entries(themes))("%s", (_name, theme) => {
  test.each(TEXT.flatMap((t) => PAPERS.map((p) => [t, p] as const)))("%s on %s reads at 4.5:1", (text, paper) => {
    expect(contrast(theme[text]!, theme[paper]!)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["accent", "danger", "warn", "ok", "info"])("%s: on its tint, and its ink on it", (name) => {
    expect(contrast(theme[name]!, theme[`${name}-bg`]!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme[`on-${name}`]!, theme[name]!)).toBeGreaterThanOrEqual(4.5);
  });

  test("labels on the city, and the edge of a field", () => {
    expect(contrast(theme["city-ink"]!, theme["city"]!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme["line-2"]!, theme["paper"]!)).toBeGreaterThanOrEqual(3);
    expect(contrast(theme["danger"]!, theme["city"]!)).toBeGreaterThanOrEqual(3);
  });
});

test("both ways into the dark are the same dark", () => {
  expect(themes["dark by the system"]).toEqual(themes.dark);
});
