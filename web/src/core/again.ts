const AGAIN_MS = 1_000;

/** Loads a part of the program until it comes: a line that breaks in the middle must not leave a page without it. */
export async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}
