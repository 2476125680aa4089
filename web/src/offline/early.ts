/**
 * Presses that are made before the outbox's own code has come: they are put down at once, where a page may write without
 * waiting, so that a page that is killed in this moment loses none. The outbox takes them over as soon as it is open, of
 * whichever tab they were; twice the same is once, for the id is the command's.
 */
import type { NewEntry } from "./store.ts";

export interface Early {
  entry: NewEntry;
  endsDraft?: string;
}

const PREFIX = "hadir.early.";
const keyOf = (account: string, id: string): string => `${PREFIX}${account} ${id}`;

/** False where the browser keeps nothing: then it lives as long as the page. */
export function keepEarly(account: string, early: Early): boolean {
  try {
    localStorage.setItem(keyOf(account, early.entry.id), JSON.stringify(early));
    return true;
  } catch {
    return false;
  }
}

export function isEarly(account: string, id: string): boolean {
  try {
    return localStorage.getItem(keyOf(account, id)) !== null;
  } catch {
    return false;
  }
}

export function dropEarly(account: string, id: string): void {
  localStorage.removeItem(keyOf(account, id));
}

/** In the order in which they were pressed. What cannot be read is none of ours. */
export function earlyOf(account: string): Early[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(keyOf(account, "")));
    const found = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? "null") as Early | null);
    return found.filter((early) => early !== null).sort((a, b) => a.entry.at - b.entry.at);
  } catch {
    return [];
  }
}
