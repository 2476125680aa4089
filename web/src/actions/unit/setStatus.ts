import type { Unit } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const setStatus = action<Unit, { status: string; device_at: string }>({
  id: "unit.status",
  icon: "status",
  can: (unit, me) => unit.id === me.id,
  perform: (unit, input) => command(`units/${unit.id}/status`, { seen_version: unit.version, ...input }),
  predict: (_unit, _me, input) => ({ state: input.status }),
});
