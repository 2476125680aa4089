import type { AlarmKind, Unit } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

/** It stops ringing, and everybody sees who has it. */
export const acknowledge = action<Unit, { alarm: AlarmKind }>({
  id: "unit.acknowledge",
  icon: "phone",
  can: (unit, me) => staff(me) && unit.alarms.some((a) => a.acknowledged_by === null),
  perform: (unit, input) => command(`units/${unit.id}/acknowledge`, { seen_version: unit.version, ...input }),
  predict: (unit, me, input) => ({
    alarms: unit.alarms.map((a) => (a.kind === input.alarm ? { ...a, acknowledged_by: me.id, acknowledged_at: a.at } : a)),
  }),
});
