import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action } from "../types.ts";

export const release = action<Report>({
  id: "report.release",
  icon: "back",
  can: (report, me) => report.claimed_by === me.id,
  perform: (report) => command(`reports/${report.id}/release`, { seen_version: report.version }),
  predict: () => ({ claimed_by: null }),
});
