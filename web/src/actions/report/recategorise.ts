import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

export const recategorise = action<Report, { category: string }>({
  id: "report.recategorise",
  icon: "tag",
  can: (report, me) => operator(me) && ["received", "held", "joined"].includes(report.state),
  perform: (report, input) => command(`reports/${report.id}/recategorise`, { seen_version: report.version, ...input }),
  predict: (_report, _me, input) => ({ category: input.category }),
  undo: (report) => command(`reports/${report.id}/recategorise`, { category: report.category }),
});
