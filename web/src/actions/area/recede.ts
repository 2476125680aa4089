import type { Area } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

export const recede = action<Area>({
  id: "area.recede",
  icon: "receding",
  can: (area, me) => (staff(me) || me.role === "area_head") && ["suspected", "confirmed", "declared"].includes(area.state),
  perform: (area) => command(`areas/${area.id}/recede`, { seen_version: area.version }),
  predict: () => ({ state: "receding" }),
});
