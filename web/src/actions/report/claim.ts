import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** «Operator 2 sedang membuka»: others see who has it open. */
export const claim = action<Report>({
  id: "report.claim",
  icon: "eye",
  can: (report, me) => operator(me) && report.claimed_by === null && ["received", "disputed"].includes(report.state) && report.incident === null,
  perform: (report) => command(`reports/${report.id}/claim`, { seen_version: report.version }),
  predict: (_report, me) => ({ claimed_by: me.id }),
  undo: (report) => command(`reports/${report.id}/release`),
});
