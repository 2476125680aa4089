/** Who was to be told of a thing, by which channel, and what became of it: as `GET /api/v1/notices` tells it, in lines. */
export interface Tried {
  channel: string;
  state: "waiting" | "sent" | "failed";
  at: string | null;
  detail: string;
}
export interface Notice {
  id: string;
  to: string;
  to_name: string;
  says: string;
  delivered_at: string | null;
  attempts: Tried[];
}
export interface Line {
  key: string;
  params: { channel?: string; at?: string | null; why?: string };
  bad: boolean;
}

const WHYS: ReadonlySet<string> = new Set(["gone", "too_late", "bad_number", "not_needed", "unreachable"]);

/** The newest notice of a person: an older version of an order has been replaced by it. */
export function newest(notices: readonly Notice[], to: string): Notice | null {
  return notices.findLast((n) => n.to === to) ?? null;
}

/** Several devices of one person are one line: any of them that took it speaks for all. */
export function lines(notice: Notice): Line[] {
  const channels = [...new Set(notice.attempts.map((a) => a.channel))];
  const told = channels.map((channel) => lineOf(channel, notice.attempts.filter((a) => a.channel === channel)));
  if (notice.delivered_at) return [...told, { key: "sent.delivered", params: { at: notice.delivered_at }, bad: false }];
  return told.length ? told : [{ key: "sent.nobody", params: {}, bad: true }];
}

const RANK = { sent: 0, waiting: 1, failed: 2 } as const;

function lineOf(channel: string, tried: Tried[]): Line {
  const best = [...tried].sort((a, b) => RANK[a.state] - RANK[b.state])[0]!;
  const why = WHYS.has(best.detail) ? best.detail : "other";
  return { key: `sent.${best.state}`, params: { channel, at: best.at, why }, bad: best.state === "failed" && why !== "not_needed" };
}
