import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, staff } from "../types.ts";

/** A person overrules the formula; that is a fact, with a reason. */
export const prioritise = action<Report, { points: number; reason: string }>({
  id: "report.prioritise",
  icon: "sort",
  can: (report, me) => staff(me) && report.state === "received",
  perform: (report, input) => command(`reports/${report.id}/prioritise`, { seen_version: report.version, ...input }),
});
