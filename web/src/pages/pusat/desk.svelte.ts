/** What this operator looks at: chosen report, chosen incident or area, filter, open dialogs, sound. */
import { getContext, setContext } from "svelte";
import { incidentActions, reportActions } from "../../actions/index.ts";
import { acknowledge } from "../../actions/unit/acknowledge.ts";
import { ringing, unanswered } from "../../core/alarms.ts";
import { ask } from "../../core/ask.ts";
import { onIt, ordersOf, reportsOf, tasksOf } from "../../core/select.ts";
import { quarantine, queue, suggested, twin } from "../../core/queue.ts";
import type { Filter } from "../../core/queue.ts";
import type { Area, Incident, Order, Place, Report } from "../../core/types.ts";
import { Bell } from "../../faces/bell.ts";
import type { App } from "../../ui/app.svelte.ts";
import { urgentIn } from "./alarm.ts";
import { fromUrl, toUrl } from "./filter.ts";
import type { Intent } from "./keys.ts";

/** More rows than anybody reads; the rest is a number that a filter opens. */
export const SHOWN = 120;
const MUTE_KEY = "hadir.pusat.mute";

export type Panel = "none" | "task" | "order" | "dispatch" | "merge" | "split" | "correct" | "replace" | "note" | "resolve";

export class Desk {
  readonly app: App;
  filter = $state<Filter>(fromUrl(location.search));
  /** The list shows what is held instead of the queue. */
  holding = $state(false);
  reportId = $state<string | null>(null);
  incidentId = $state<string | null>(null);
  areaCode = $state<string | null>(null);
  panel = $state<Panel>("none");
  /** The order that the open form corrects or replaces. */
  correcting = $state.raw<Order | null>(null);
  /** The open dialog, and the report it is about. */
  asking = $state.raw<{ what: "relocate" | "prioritise"; report: Report } | null>(null);
  dismissing = $state(false);
  /** «Kejadian baru» was pressed beside a running incident of the same name: once more makes it all the same. */
  doubting = $state(false);
  /** How often somebody asked to see an incident or an area: where it is out of sight, the page goes there. */
  asked = $state(0);
  /** A place the map was asked to show: an officer in need. */
  looking = $state.raw<Place | null>(null);
  palette = $state(false);
  help = $state(false);
  opening = $state(false);
  muted = $state(localStorage.getItem(MUTE_KEY) === "1");
  soundReady = $state(false);
  readonly #alarm = new Bell();
  /** Where the chosen report stood: when it leaves the queue, the next one takes its place. */
  #place = 0;

  constructor(app: App) {
    this.app = app;
    app.live.onFacts((facts) => {
      if (!this.muted && urgentIn(facts) > 0) this.#alarm.ring();
    });
  }

  readonly held: Report[] = $derived.by(() => quarantine(this.app.board));
  readonly rows: Report[] = $derived.by(() => (this.holding ? this.held : queue(this.app.board, { ...this.filter, news: true })));
  readonly report: Report | null = $derived(this.rows.find((r) => r.id === this.reportId) ?? null);
  readonly incident: Incident | null = $derived.by(() => this.app.board.incidents.get(this.incidentId ?? "") ?? null);
  readonly area: Area | null = $derived.by(() => this.app.board.areas.get(this.areaCode ?? "") ?? null);
  readonly suggestion: Incident | null = $derived.by(() => (this.report ? suggested(this.app.board, this.report) : null));
  readonly twin: Incident | null = $derived.by(() => (this.report ? twin(this.app.board, this.report) : null));
  /** Changes whenever anything that an incident's timeline tells may have changed. */
  readonly stamp: string = $derived.by(() => {
    const i = this.incident;
    if (!i) return "";
    const board = this.app.board;
    const area = i.flood ? board.areas.get(i.place.area ?? "") : undefined;
    const rows = [...tasksOf(board, i.id), ...ordersOf(board, i.id), ...onIt(board, i.id), ...reportsOf(board, i.id)];
    return [i, ...(area ? [area] : []), ...rows].map((r) => `${r.id}:${r.version}`).join(" ");
  });

  /** Called when rows change: keeps a report chosen, at the place where the last one stood. */
  settle(): void {
    const at = this.rows.findIndex((r) => r.id === this.reportId);
    if (at >= 0) this.#place = at;
    else this.choose(this.rows[Math.min(this.#place, this.rows.length - 1)]?.id ?? null);
  }

  choose(id: string | null): void {
    if (id !== this.reportId) this.dismissing = this.doubting = false;
    this.reportId = id;
    this.#place = Math.max(0, this.rows.findIndex((r) => r.id === id));
  }

  step(by: 1 | -1): void {
    const last = Math.min(this.rows.length, SHOWN) - 1;
    this.choose(this.rows[Math.min(last, Math.max(0, this.#place + by))]?.id ?? null);
  }

  /** `aside`: it opens beside what is being done, and takes nobody away from it. */
  showIncident(id: string | null, aside = false): void {
    this.looking = null;
    this.incidentId = id;
    this.areaCode = null;
    this.panel = "none";
    if (id && !aside) this.asked++;
  }

  /** The chosen incident is gone: it was closed, or it goes on under another id, which is then the chosen one. */
  async follow(): Promise<void> {
    const id = this.incidentId;
    const row = id ? await ask<Incident>(`/api/v1/incidents/${id}`) : null;
    if (row && row.id !== id && this.incidentId === id) this.showIncident(row.id, true);
  }

  showArea(code: string): void {
    this.areaCode = code;
    this.incidentId = null;
    this.asked++;
  }

  /** The quarantine, and back to the queue. */
  turn(): void {
    this.holding = !this.holding;
    this.choose(this.rows[0]?.id ?? null);
  }

  correct(order: Order): void {
    this.correcting = order;
    this.panel = "correct";
  }

  replace(order: Order): void {
    this.correcting = order;
    this.panel = "replace";
  }

  back(): void {
    if (this.dismissing) this.dismissing = false;
    else if (this.doubting) this.doubting = false;
    else if (this.panel !== "none") this.panel = "none";
    else if (this.areaCode) this.areaCode = null;
    else this.showIncident(null);
  }

  setFilter(change: Partial<Filter>): void {
    this.filter = { ...this.filter, ...change };
    history.replaceState(history.state, "", location.pathname + toUrl(location.search, this.filter) + location.hash);
  }

  mute(): void {
    this.muted = !this.muted;
    localStorage.setItem(MUTE_KEY, this.muted ? "1" : "0");
  }

  /** Rings once. `always`: also where the desk was silenced, for somebody who needs help. */
  ring(always = false): void {
    if (always || !this.muted) this.#alarm.ring();
  }

  /** The map goes there. */
  lookAt(place: Place): void {
    this.looking = place;
  }

  /** The alarm that has waited longest is mine now. */
  async takeAlarm(): Promise<void> {
    const first = unanswered(ringing(this.app.board))[0];
    if (!first || !this.app.can(acknowledge, first.unit)) return;
    this.lookAt(first.place);
    await this.app.do(acknowledge, first.unit, { alarm: first.alarm.kind });
  }

  unlockSound(): void {
    this.#alarm.unlock();
    this.soundReady = true;
  }

  async join(report: Report, incident: Incident): Promise<void> {
    if (!this.app.can(reportActions.join, report)) return;
    this.doubting = false;
    this.showIncident(incident.id, true);
    await this.app.do(reportActions.join, report, { incident_id: incident.id });
  }

  async open(report: Report): Promise<void> {
    if (!this.app.can(reportActions.open, report)) return;
    const unsure = this.twin !== null && !this.doubting;
    this.doubting = unsure;
    if (unsure) return;
    const outcome = await this.app.do(reportActions.open, report, undefined);
    if (outcome.ok && outcome.id) this.showIncident(outcome.id, true);
  }

  async claim(report: Report): Promise<void> {
    const action = report.claimed_by === this.app.me.id ? reportActions.release : reportActions.claim;
    if (this.app.can(action, report)) await this.app.do(action, report, undefined, true);
  }

  /** One key, one intent; buttons call the same. */
  act(intent: Intent): void {
    const { report, incident } = this;
    const suggestion = this.doubting ? this.twin : this.suggestion;
    switch (intent) {
      case "down":
        return this.step(1);
      case "up":
        return this.step(-1);
      case "join":
        return report && suggestion ? void this.join(report, suggestion) : undefined;
      case "open":
        if (report) return void this.open(report);
        this.opening = this.app.me.role === "operator";
        return;
      case "claim":
        return report ? void this.claim(report) : undefined;
      case "quarantine":
        return this.turn();
      case "admit":
        return report && this.app.can(reportActions.admit, report) ? void this.app.do(reportActions.admit, report, undefined) : undefined;
      case "dismiss":
        this.doubting = false;
        this.dismissing = report !== null && this.app.can(reportActions.dismiss, report);
        return;
      case "relocate":
        if (report && this.app.can(reportActions.relocate, report)) this.asking = { what: intent, report };
        return;
      case "prioritise":
        if (report && this.app.can(reportActions.prioritise, report)) this.asking = { what: intent, report };
        return;
      case "task":
        if (incident && this.app.can(incidentActions.giveTask, incident)) this.panel = "task";
        return;
      case "order":
        if (incident && this.app.can(incidentActions.giveOrder, incident)) this.panel = "order";
        return;
      case "dispatch":
        if (incident && this.app.can(incidentActions.giveTask, incident)) this.panel = "dispatch";
        return;
      case "merge":
        if (incident && this.app.can(incidentActions.merge, incident)) this.panel = "merge";
        return;
      case "split":
        if (incident && this.app.can(incidentActions.split, incident)) this.panel = "split";
        return;
      case "alarm":
        return void this.takeAlarm();
      case "mute":
        return this.mute();
      case "filter":
        return document.getElementById("filter")?.focus();
      case "palette":
        this.palette = true;
        return;
      case "help":
        this.help = true;
        return;
      case "back":
        return this.back();
    }
  }
}

const KEY = Symbol("desk");
export const provideDesk = (desk: Desk): Desk => setContext(KEY, desk);
export const useDesk = (): Desk => getContext<Desk>(KEY);
