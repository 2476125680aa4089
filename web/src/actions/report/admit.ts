import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** Out of the quarantine, into the queue. */
export const admit = action<Report>({
  id: "report.admit",
  icon: "check",
  can: (report, me) => operator(me) && report.state === "held",
  perform: (report) => command(`reports/${report.id}/admit`, { seen_version: report.version }),
  predict: () => ({ state: "received" }),
  undo: (report) => command(`reports/${report.id}/hold`),
});
