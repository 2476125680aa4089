import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** It tells of this incident. */
export const join = action<Report, { incident_id: string }>({
  id: "report.join",
  icon: "link",
  can: (report, me) => operator(me) && ["received", "joined", "disputed"].includes(report.state),
  perform: (report, input) => command(`reports/${report.id}/join`, { seen_version: report.version, ...input }),
  predict: (_report, _me, input) => ({ state: "joined", incident: input.incident_id, claimed_by: null }),
  undo: (report) => command(`reports/${report.id}/leave`),
});
