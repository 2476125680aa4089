/** What the palette offers: things that can be done now, then things that can be opened. Pure; the page runs them. */
import { floods, openIncidents } from "../../core/select.ts";
import type { App } from "../../ui/app.svelte.ts";
import type { Desk } from "./desk.svelte.ts";
import { shown } from "./keys.ts";
import type { Intent } from "./keys.ts";

export interface Offer {
  id: string;
  label: string;
  detail: string;
  icon: string;
  hint: string;
  run: () => void;
}

const DOING: readonly (readonly [Intent, string])[] = [
  ["join", "link"], ["open", "plus"], ["claim", "eye"], ["dismiss", "cross"], ["relocate", "pin"], ["prioritise", "sort"], ["task", "task"], ["order", "order"], ["dispatch", "unit"], ["merge", "link"], ["split", "unlink"], ["mute", "mute"], ["help", "help"],
];

function possible(desk: Desk, intent: Intent): boolean {
  if (intent === "join") return desk.report !== null && desk.suggestion !== null;
  if (["claim", "dismiss", "relocate", "prioritise"].includes(intent)) return desk.report !== null;
  if (["task", "order", "dispatch", "merge", "split"].includes(intent)) return desk.incident !== null;
  return true;
}

function doing(app: App, desk: Desk): Offer[] {
  const open = DOING.filter(([intent]) => possible(desk, intent));
  return open.map(([intent, icon]) => ({
    id: intent, icon, label: app.say(`pusat.key.${intent}`), detail: "", hint: shown(intent), run: () => desk.act(intent),
  }));
}

function opening(app: App, desk: Desk): Offer[] {
  const incidents = openIncidents(app.board).map((i) => ({
    id: i.id, icon: "incident", label: i.title, detail: `${i.ref} · ${app.place(i.place)}`, hint: "", run: () => desk.showIncident(i.id),
  }));
  const wet = new Set(floods(app.board).map((a) => a.id));
  const areas = [...app.board.areas.values()].map((a) => ({
    id: a.id, icon: wet.has(a.id) ? "water" : "area", label: a.name, detail: app.say(`state.area.${a.state}`), hint: "", run: () => desk.showArea(a.id),
  }));
  const reports = desk.rows.map((r) => ({
    id: r.id, icon: "report", label: r.text.slice(0, 80), detail: `${r.ref} · ${app.place(r.place)}`, hint: "", run: () => desk.choose(r.id),
  }));
  return [...incidents, ...areas, ...reports];
}

/** Every word typed must stand somewhere in the offer. */
export function matching<T extends { label: string; detail: string }>(offers: readonly T[], typed: string, most: number): T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (o: T) => words.every((w) => `${o.label} ${o.detail}`.toLowerCase().includes(w));
  return offers.filter(fits).slice(0, most);
}

export const offers = (app: App, desk: Desk): Offer[] => [...doing(app, desk), ...opening(app, desk)];
