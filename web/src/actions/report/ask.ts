import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** The reporter reads it behind the link, and answers there. One question waits at a time. */
export const ask = action<Report, { text: string }>({
  id: "report.ask",
  icon: "people",
  can: (report, me) => (operator(me) || (["desk", "agency_head"].includes(me.role) && report.incident !== null)) && !report.talk?.question,
  perform: (report, input) => command(`reports/${report.id}/ask`, { seen_version: report.version, told: report.talk?.told ?? 0, ...input }),
  undo: (report) => command(`reports/${report.id}/withdraw`),
});
