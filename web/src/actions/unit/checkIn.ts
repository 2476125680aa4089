import type { Unit } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** «Saya aman», pressed by himself; or by an operator who has heard him on the radio. */
export const checkIn = action<Unit, { device_at: string }>({
  id: "unit.check_in",
  icon: "check",
  can: (unit, me) => unit.watch !== null && (unit.id === me.id || operator(me)),
  perform: (unit, input) => command(`units/${unit.id}/check-in`, { seen_version: unit.version, ...input }),
  predict: (unit, _me, input) => {
    const watch = unit.watch;
    const alarms = unit.alarms.filter((a) => a.kind !== "check_in");
    if (!watch) return { alarms };
    const due = Date.parse(input.device_at) + watch.every_min * 60_000;
    const grace = Date.parse(watch.late_at) - Date.parse(watch.due_at);
    const next = { ...watch, missed: false, due_at: new Date(due).toISOString(), late_at: new Date(due + grace).toISOString() };
    return { alarms, watch: next };
  },
});
