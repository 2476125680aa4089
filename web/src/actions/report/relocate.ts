import type { Report } from "../../core/types.ts";
import type { WhereInput } from "../order/input.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** A person confirms or corrects where it is. */
export const relocate = action<Report, { place: WhereInput }>({
  id: "report.relocate",
  icon: "pin",
  can: (report, me) => operator(me) && ["received", "held", "joined"].includes(report.state),
  perform: (report, input) => command(`reports/${report.id}/relocate`, { seen_version: report.version, ...input }),
});
