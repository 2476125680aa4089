import type { Incident } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

/** Severity, and the command level (siaga). */
export const grade = action<Incident, { severity?: "minor" | "moderate" | "severe"; level?: number }>({
  id: "incident.grade",
  icon: "gauge",
  can: (incident, me) => staff(me) && incident.state !== "closed",
  perform: (incident, input) => command(`incidents/${incident.id}/grade`, { seen_version: incident.version, ...input }),
  predict: (_incident, _me, input) => ({ ...input }),
});
