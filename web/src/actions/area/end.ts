import type { Area } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

/** Only a named person makes an area quiet again. */
export const end = action<Area>({
  id: "area.end",
  icon: "done",
  hold: true,
  can: (area, me) => (staff(me) || me.role === "area_head") && !["no_news", "over"].includes(area.state),
  perform: (area) => command(`areas/${area.id}/end`, { seen_version: area.version }),
  predict: () => ({ state: "over" }),
});
