import type { Board, Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator, type Me } from "../types.ts";

const desk = (me: Me): boolean => ["desk", "agency_head"].includes(me.role);
/** Closed, and so not on a desk's board any more, or solved. */
const over = (board: Board, incident: string): boolean => ["closed", "resolved"].includes(board.incidents.get(incident)?.state ?? "closed");

/** What was added after the end says that it is not over: the report back into the queue, or its incident open again. */
export const reopen = action<Report, { reason: string }>({
  id: "report.reopen",
  icon: "back",
  can: (report, me, board) =>
    (desk(me) && report.incident !== null && over(board, report.incident)) ||
    (operator(me) && (report.state === "dismissed" || (report.state === "confirmed" && report.incident !== null && !board.incidents.has(report.incident)))),
  perform: (report, input) => (report.state === "dismissed" ? command(`reports/${report.id}/restore`) : command(`incidents/${report.incident}/reopen`, input)),
});
