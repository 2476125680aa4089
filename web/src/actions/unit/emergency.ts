import type { Unit } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export interface Place {
  lat?: number;
  lon?: number;
  accuracy_m?: number;
  /** How old that was when it was pressed, in seconds: a phone's clock may show anything. */
  age_s?: number;
}

/** Held for three seconds; it goes before everything else that waits. */
export const emergency = action<Unit, Place & { device_at: string }>({
  id: "unit.emergency",
  icon: "alarm",
  can: (unit, me) => unit.id === me.id,
  perform: (unit, input) => command(`units/${unit.id}/emergency`, { ...input }),
  predict: (unit, _me, input) => {
    const raised = { kind: "emergency", at: input.device_at, place: null, placed_at: null, acknowledged_by: null, acknowledged_at: null };
    return { alarms: [raised, ...unit.alarms.filter((a) => a.kind !== "emergency")] };
  },
});
