import type { AlarmKind, Unit } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** It is over, and in words how it ended. */
export const closeAlarm = action<Unit, { alarm: AlarmKind; reason: string }>({
  id: "unit.close_alarm",
  icon: "archive",
  can: (unit, me) => operator(me) && unit.alarms.length > 0,
  perform: (unit, input) => command(`units/${unit.id}/close-alarm`, { seen_version: unit.version, ...input }),
  predict: (unit, _me, input) => ({ alarms: unit.alarms.filter((a) => a.kind !== input.alarm) }),
});
