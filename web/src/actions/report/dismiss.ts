import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** It needs no work, and why: one touch on a disposition of the city pack. */
export const dismiss = action<Report, { disposition: string; reason: string }>({
  id: "report.dismiss",
  icon: "cross",
  can: (report, me) => operator(me) && ["received", "held"].includes(report.state),
  perform: (report, input) => command(`reports/${report.id}/dismiss`, { seen_version: report.version, ...input }),
  predict: () => ({ state: "dismissed", claimed_by: null }),
  undo: (report) => command(`reports/${report.id}/restore`),
});
