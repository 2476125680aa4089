/**
 * A command: where it goes and what it says, under an id that it gets before it is ever sent. The server gives a repeat
 * of the id the first answer, so what was pressed counts once however often it is sent. Sending is the outbox's
 * (`src/offline`).
 */
import { commandId } from "../core/ids.ts";

export type { Outcome } from "../offline/courier.ts";

export interface Command {
  path: string;
  body: Record<string, unknown> & { command_id: string };
}

export function command(path: string, body: Record<string, unknown> = {}): Command {
  return { path: `/api/v1/${path}`, body: { command_id: commandId(), ...body } };
}
