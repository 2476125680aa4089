/** How a person is reached when no phone answers: asked of the server, changed there. */
import { ask } from "../core/ask.ts";

export const FURTHER = ["whatsapp", "sms", "email"] as const;
export type Further = (typeof FURTHER)[number];

export interface Hours {
  begins: string;
  ends: string;
}
export interface Reach {
  account: string;
  /** Others' addresses come masked. */
  channels: { channel: Further; address: string; usable: boolean }[];
  /** Null: the city's. Equal times: never quiet. */
  quiet: Hours | null;
  city: Hours;
}
export interface Change {
  addresses: Partial<Record<Further, string>>;
  quiet: Hours | null;
}
/** What was saved; the fields that the server could not read; or nothing at all, without a line. */
export type Saved = { reach: Reach } | { wrong: Further[] } | null;

export const NEVER: Hours = { begins: "00:00", ends: "00:00" };
export type Quiet = "city" | "own" | "never";
export const quietOf = (hours: Hours | null): Quiet => (hours === null ? "city" : hours.begins === hours.ends ? "never" : "own");

const url = (account: string) => `/api/v1/people/${encodeURIComponent(account)}/reach`;

export async function load(account: string): Promise<Reach | null> {
  return ask<Reach>(url(account));
}

export async function save(account: string, change: Change): Promise<Saved> {
  const request = { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(change) };
  const answer = await fetch(url(account), request).catch(() => null);
  const now = answer?.ok ? ((await answer.json().catch(() => null)) as Reach | null) : null;
  if (now) return { reach: now };
  const said = answer?.status === 422 ? ((await answer.json().catch(() => ({}))) as { fields?: { field: string }[] }) : {};
  const wrong = FURTHER.filter((each) => said.fields?.some((f) => f.field === `addresses.${each}`));
  return wrong.length ? { wrong } : null;
}

/** Only what differs is sent: an address that is masked here is not written over with its mask. */
export function changed(reach: Reach, own: boolean, given: Record<Further, string>, removed: ReadonlySet<Further>): Change["addresses"] {
  const addresses: Change["addresses"] = {};
  for (const { channel, address } of reach.channels) {
    const text = given[channel].trim();
    if (removed.has(channel)) addresses[channel] = "";
    else if (own ? text !== address : text !== "") addresses[channel] = text;
  }
  return addresses;
}
