import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** The question is not asked any more. */
export const withdraw = action<Report>({
  id: "report.withdraw",
  icon: "back",
  can: (report, me) => (operator(me) || (["desk", "agency_head"].includes(me.role) && report.incident !== null)) && Boolean(report.talk?.question),
  perform: (report) => command(`reports/${report.id}/withdraw`, { seen_version: report.version }),
  predict: (report) => (report.talk ? { talk: { ...report.talk, question: null } } : {}),
});
