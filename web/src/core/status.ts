/** Every state as a shape and a tone; its word is `state.<kind>.<state>`. It must read in black and white. */
import type { FloodState, IncidentState, OrderState, ReportState, TaskState } from "./types.ts";

export type Tone = "danger" | "warn" | "ok" | "info" | "calm";
export interface Look {
  icon: string;
  tone: Tone;
}

const look = (icon: string, tone: Tone): Look => ({ icon, tone });

export const LOOKS: {
  area: Record<FloodState, Look>;
  report: Record<ReportState, Look>;
  incident: Record<IncidentState, Look>;
  task: Record<TaskState, Look>;
  order: Record<OrderState, Look>;
} = {
  area: {
    no_news: look("no_news", "calm"),
    suspected: look("suspected", "danger"),
    confirmed: look("confirmed", "danger"),
    declared: look("declared", "danger"),
    receding: look("receding", "warn"),
    over: look("over", "ok"),
  },
  report: {
    received: look("report", "calm"),
    held: look("archive", "calm"),
    joined: look("link", "info"),
    asked: look("help", "info"),
    confirmed: look("done", "ok"),
    disputed: look("incident", "danger"),
    dismissed: look("cross", "calm"),
  },
  incident: {
    open: look("incident", "danger"),
    in_progress: look("go", "info"),
    resolved: look("over", "ok"),
    closed: look("done", "calm"),
  },
  task: {
    given: look("inbox", "warn"),
    assigned: look("person", "warn"),
    accepted: look("check", "info"),
    en_route: look("go", "info"),
    on_scene: look("pin", "info"),
    done: look("over", "ok"),
    verified: look("done", "ok"),
    cancelled: look("cross", "calm"),
  },
  order: {
    sent: look("order", "warn"),
    delivered: look("inbox", "warn"),
    seen: look("eye", "warn"),
    read_back: look("voice", "warn"),
    confirmed: look("check", "info"),
    accepted: look("go", "info"),
    refused: look("cross", "danger"),
    cancelled: look("cross", "calm"),
    expired: look("clock", "danger"),
    superseded: look("back", "calm"),
  },
};

const UNKNOWN = look("help", "calm");

/** A state this version does not know is shown as such, never hidden. */
export function lookOf(kind: keyof typeof LOOKS, state: string): Look {
  return (LOOKS[kind] as Record<string, Look>)[state] ?? UNKNOWN;
}

export function urgencyTone(urgency: number): Tone {
  return urgency >= 4 ? "danger" : urgency === 3 ? "warn" : "calm";
}
