import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

export const leave = action<Report>({
  id: "report.leave",
  icon: "unlink",
  can: (report, me) => operator(me) && report.incident !== null,
  perform: (report) => command(`reports/${report.id}/leave`, { seen_version: report.version }),
  predict: () => ({ state: "received", incident: null }),
});
