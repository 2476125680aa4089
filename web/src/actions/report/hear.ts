import type { Report } from "../../core/types.ts";
import { newFor } from "../../core/talk.ts";
import { command } from "../send.ts";
import { action, operator, type Me } from "../types.ts";

const desk = (me: Me): string => (operator(me) ? "" : (me.agency ?? ""));
const may = (me: Me): boolean => operator(me) || (["desk", "agency_head"].includes(me.role) && me.agency !== null);

/** This desk has read what the reporter added. */
export const hear = action<Report>({
  id: "report.hear",
  icon: "check",
  can: (report, me) => may(me) && newFor(report, desk(me)) > 0,
  perform: (report) => command(`reports/${report.id}/hear`, { seen_version: report.version, told: report.talk?.told ?? 0 }),
  predict: (report, me) =>
    report.talk ? { talk: { ...report.talk, heard: { ...report.talk.heard, [desk(me)]: report.talk.told }, new: operator(me) ? 0 : report.talk.new } } : {},
});
