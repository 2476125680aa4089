import type { Area } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

/** A named person says it floods. The public sees it: held for a second. */
export const declare = action<Area, { depth_cm?: number; note?: string }>({
  id: "area.declare",
  icon: "declared",
  hold: true,
  can: (area, me) => staff(me) && area.state !== "declared",
  perform: (area, input) => command(`areas/${area.id}/declare`, { seen_version: area.version, ...input }),
  predict: (_area, me) => ({ state: "declared", declared_by: me.id }),
});
