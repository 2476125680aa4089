import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** Makes an incident of a report. */
export const open = action<Report>({
  id: "report.open",
  icon: "plus",
  can: (report, me) => operator(me) && ["received", "disputed"].includes(report.state) && report.incident === null,
  perform: (report) => command("incidents", { report_id: report.id }),
});
