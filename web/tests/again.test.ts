import { expect, test, vi } from "vitest";
import { untilLoaded } from "../src/core/again.ts";

test("what a broken line did not bring is asked for again", async () => {
  vi.useFakeTimers();
  let asked = 0;
  const loaded = untilLoaded(() => (++asked < 3 ? Promise.reject(new Error("no line")) : Promise.resolve("here")));
  await vi.runAllTimersAsync();
  expect(await loaded).toBe("here");
  expect(asked).toBe(3);
  vi.useRealTimers();
});
