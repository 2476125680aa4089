/** How the server is, asked of itself: ready or why not, and its own numbers where this viewer may read them. */
export interface Number {
  name: string;
  help: string;
  value: string;
}
export type Ready = "asking" | "ready" | "not_ready" | "unreachable";

const EVERY_MS = 10_000;

/** Prometheus' text as rows; labels stay in the name. */
export function numbers(text: string): Number[] {
  const help = new Map<string, string>();
  const rows: Number[] = [];
  for (const line of text.split("\n")) {
    const told = /^# HELP (\S+) (.*)$/.exec(line);
    if (told) help.set(told[1]!, told[2]!);
    const row = /^([a-z_]\w*)(\{[^}]*\})? (\S+)$/i.exec(line);
    if (row) rows.push({ name: row[1]! + (row[2] ?? ""), help: help.get(row[1]!) ?? "", value: row[3]! });
  }
  return rows;
}

export class Health {
  ready = $state<Ready>("asking");
  detail = $state("");
  facts = $state.raw<[string, string][]>([]);
  /** Null: this viewer may not read them. */
  numbers = $state.raw<Number[] | null>(null);
  checkedAt = $state<number | null>(null);

  start(): () => void {
    void this.ask();
    const timer = setInterval(() => document.visibilityState === "visible" && void this.ask(), EVERY_MS);
    return () => clearInterval(timer);
  }

  async ask(): Promise<void> {
    const [ready, metrics] = await Promise.all([fetch("/readyz").catch(() => null), fetch("/metrics").catch(() => null)]);
    this.checkedAt = Date.now();
    this.ready = ready === null ? "unreachable" : ready.ok ? "ready" : "not_ready";
    const body = (await ready?.json().catch(() => ({}))) as Record<string, unknown> | undefined;
    this.detail = typeof body?.["detail"] === "string" ? body["detail"] : "";
    this.facts = ready?.ok ? Object.entries(body ?? {}).filter(([key]) => key !== "ready").map(([k, v]) => [k, String(v)]) : [];
    this.numbers = metrics?.ok ? numbers(await metrics.text()) : null;
  }
}
