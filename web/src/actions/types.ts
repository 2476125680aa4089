/**
 * One file per user action: what it is called, when it can be done, and the command it becomes. The same value serves
 * the button, the key and the palette. `perform` is pure but for the command's id; it sends nothing.
 */
import type { Boot } from "../core/boot.ts";
import type { Board } from "../core/types.ts";
import type { Command } from "./send.ts";

export type Me = Boot["me"];

export interface Action<Target, Input = void> {
  /** Unique over all actions; words: `action.<id>`. */
  id: string;
  icon: string;
  /** Leaves the house or cannot be undone: the button is held for a second. */
  hold?: boolean;
  can(target: Target, me: Me, board: Board): boolean;
  perform(target: Target, input: Input): Command;
  /** How the row will look once the server has it: shown at once, with a hollow tick. */
  predict?(target: Target, me: Me, input: Input): Record<string, unknown>;
  /** The command that takes it back, where there is one: offered for some seconds after. */
  undo?(target: Target, input: Input): Command;
}

/** Keeps the literal types of an action while checking its shape. */
export function action<Target, Input = void>(a: Action<Target, Input>): Action<Target, Input> {
  return a;
}

const STAFF: ReadonlySet<string> = new Set(["operator", "leader"]);
const AGENCY: ReadonlySet<string> = new Set(["desk", "agency_head"]);

export const operator = (me: Me): boolean => me.role === "operator";
export const staff = (me: Me): boolean => STAFF.has(me.role);
/** Works at the desk of this agency. */
export const deskOf = (me: Me, agency: string | null): boolean => AGENCY.has(me.role) && me.agency === agency;
