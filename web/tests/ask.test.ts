import { afterEach, expect, test, vi } from "vitest";
import { ask } from "../src/core/ask.ts";

afterEach(() => void vi.unstubAllGlobals());

/** Its head comes at once, its body when `rest` is resolved. */
function answered(rest: Promise<string>, status = 200): void {
  const body = new ReadableStream({
    start: (c) => void rest.then((text) => (c.enqueue(new TextEncoder().encode(text)), c.close()), (e: unknown) => c.error(e)),
  });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
}

test("what came whole is told", async () => {
  answered(Promise.resolve('{"n":1}'));
  expect(await ask("/x")).toEqual({ n: 1 });
});

test("what is broken off in its middle, refused or no answer at all is nothing, and nothing else happens", async () => {
  answered(Promise.reject(new DOMException("not wanted any more", "AbortError")));
  expect(await ask("/x", new AbortController().signal)).toBeNull();
  answered(Promise.resolve('{"code":"forbidden"}'), 403);
  expect(await ask("/x")).toBeNull();
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await ask("/x")).toBeNull();
});
