/** What a reporter added after the report, and what of it a desk has not read yet. */
import type { Board, Report } from "./types.ts";
import { reportsOf } from "./select.ts";

/** The command centre's key among those who have read; an agency's is its code. */
export const CENTRE = "";

/** How many of the reporter's lines this desk has not read. */
export function newFor(report: Report, desk: string): number {
  return report.talk ? report.talk.told - (report.talk.heard[desk] ?? 0) : 0;
}

/** All that is new to a desk about an incident. */
export function newAbout(board: Board, incident: string, desk: string): number {
  return reportsOf(board, incident).reduce((sum, report) => sum + newFor(report, desk), 0);
}
