/**
 * The answer to a page's question; null when it was refused, when the line broke before all of it was there, or when it
 * is not wanted any more (`signal`): that too may be in the middle of it.
 */
export async function ask<T>(url: string, signal: AbortSignal | null = null): Promise<T | null> {
  const answer = await fetch(url, { signal, headers: { accept: "application/json" } }).catch(() => null);
  return answer?.ok ? ((await answer.json().catch(() => null)) as T | null) : null;
}
