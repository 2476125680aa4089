import type { Area } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

/** An officer stands in the water: his word confirms alone. */
export const sign = action<Area, { depth_cm?: number }>({
  id: "area.sign",
  icon: "water",
  can: (_area, me) => me.role === "officer",
  perform: (area, input) => command(`areas/${area.id}/sign`, { seen_version: area.version, ...input }),
});
