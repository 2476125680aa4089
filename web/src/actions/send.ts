/**
 * Carrying a command to the server, once in effect however often it is sent.
 *
 * The id is made before the first try and stays through all of them: the server gives a repeat the first answer. So a
 * lost answer is simply asked for again. A refusal (RFC 9457) is an answer, not a failure: its sentence is for the page.
 */
import { commandId } from "../core/ids.ts";
import { fullJitter } from "../live/backoff.ts";
import type { Timers } from "../live/backoff.ts";

export interface Command {
  path: string;
  body: Record<string, unknown> & { command_id: string };
}

export interface Done {
  ok: true;
  position: number;
  version: number | null;
  id: string | null;
  answer: Record<string, unknown>;
}
export interface Refused {
  ok: false;
  status: number;
  code: string;
  /** A sentence in the caller's language; empty when there was no answer at all. */
  detail: string;
}
export type Outcome = Done | Refused;

export interface Carrier {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  timers: Timers;
}

/** Tries within about half a minute; after that the person is told and may press again (same command, same id). */
const TRIES = 6;
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function command(path: string, body: Record<string, unknown> = {}): Command {
  return { path: `/api/v1/${path}`, body: { command_id: commandId(), ...body } };
}

function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => void timers.after(ms, resolve));
}

async function attempt(carrier: Carrier, c: Command): Promise<Outcome | null> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(c.body),
    credentials: "same-origin",
  } as const;
  const answer = await carrier.fetch(c.path, init).catch(() => null);
  if (answer === null || AGAIN.has(answer.status)) return null;
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  return answer.ok ? done(body) : refused(answer.status, body);
}

function done(body: Record<string, unknown>): Done {
  const number = (key: string) => (typeof body[key] === "number" ? body[key] : null);
  const id = typeof body["id"] === "string" ? body["id"] : null;
  return { ok: true, position: number("position") ?? 0, version: number("version"), id, answer: body };
}

function refused(status: number, body: Record<string, unknown>): Refused {
  const text = (key: string) => (typeof body[key] === "string" ? body[key] : "");
  return { ok: false, status, code: text("code") || `http_${status}`, detail: text("detail") || text("title") };
}

export async function send(carrier: Carrier, c: Command): Promise<Outcome> {
  for (let i = 0; i < TRIES; i++) {
    const outcome = await attempt(carrier, c);
    if (outcome) return outcome;
    await pause(carrier.timers, fullJitter(i, carrier.timers.random(), 600, 10_000));
  }
  return { ok: false, status: 0, code: "offline", detail: "" };
}
