/**
 * What the server writes into each staff page: `<script type="application/json" id="boot">`.
 * Names are already in the viewer's language. docs/design-system.md tells the same to the server's side.
 */
import type { Lang } from "./words.ts";

export type Role =
  | "officer" | "desk" | "agency_head" | "area_head" | "operator" | "leader" | "partner" | "admin" | "auditor";

export interface Named {
  code: string;
  name: string;
}
export interface AreaName extends Named {
  district: string;
  lat: number;
  lon: number;
}
export interface CategoryName extends Named {
  group: string;
  agency: string;
  flood: boolean;
  /** Order actions that make sense here, the likeliest first. Left out where the first picture must be light. */
  actions?: string[];
}
export interface AgencyName extends Named {
  short: string;
  partner: boolean;
}
export interface ActionName extends Named {
  near: string[];
}
/** An order that is often given, for incidents of these categories. */
export interface OrderTemplate {
  code: string;
  categories: string[];
  action: string;
  within_min: number;
  words: string;
}
/** In whose name I may order today; empty lists mean all. */
export interface Mandate {
  on_behalf: string;
  categories: string[];
  agencies: string[];
}
export interface DispositionName extends Named {
  needs_reason: boolean;
}
export interface StatusName {
  key: string;
  name: string;
  free: boolean;
  by_task: boolean;
  calls: boolean;
}
export interface PersonName {
  id: string;
  name: string;
  role: string;
  agency: string | null;
  /** Told to those who look after accounts: whose it is, where one person has several. */
  person?: string;
}

export interface Boot {
  me: { id: string; name: string; role: Role | string; agency: string | null; lang: Lang; mandates?: Mandate[] };
  city: {
    name: string;
    zone: string;
    /** «WIB»: said after a clock time where a reader may sit in another zone. */
    zone_name: string;
    centre: { lat: number; lon: number };
    /** Who is offered what lies outside the city; empty: the category says it. */
    outside_agency: string;
    areas_url: string;
    /** True where the borders are only approximate («batas perkiraan»). */
    areas_approximate: boolean;
    areas_source: string;
    areas: AreaName[];
    groups: Named[];
    categories: CategoryName[];
    agencies: AgencyName[];
    actions: ActionName[];
    /** Left out where the first picture must be light. */
    templates?: OrderTemplate[];
    dispositions: DispositionName[];
    statuses: StatusName[];
    urgencies: string[];
    phones: { number: string; name: string }[];
    /** Colleagues whose names the viewer may read: claimers, officers, commanders. */
    people: PersonName[];
  };
  demo: boolean;
  csrf?: string | null;
}

/** The pack's names by code, with the code itself where a name is missing. */
export class Names {
  readonly areas: Map<string, AreaName>;
  readonly categories: Map<string, CategoryName>;
  readonly agencies: Map<string, AgencyName>;
  readonly actions: Map<string, ActionName>;
  readonly statuses: Map<string, StatusName>;
  readonly people: Map<string, PersonName>;

  constructor(city: Boot["city"]) {
    this.areas = new Map(city.areas.map((a) => [a.code, a]));
    this.categories = new Map(city.categories.map((c) => [c.code, c]));
    this.agencies = new Map(city.agencies.map((a) => [a.code, a]));
    this.actions = new Map(city.actions.map((a) => [a.code, a]));
    this.statuses = new Map(city.statuses.map((s) => [s.key, s]));
    this.people = new Map(city.people.map((p) => [p.id, p]));
  }

  area = (code: string | null): string => (code === null ? "" : (this.areas.get(code)?.name ?? code));
  category = (code: string): string => this.categories.get(code)?.name ?? code;
  /** «Banjir – Plosokerep»: what an incident is called that nobody gave a name. */
  title = (category: string, area: string | null): string => [this.category(category), this.area(area)].filter(Boolean).join(" – ");
  agency = (code: string): string => this.agencies.get(code)?.short ?? code;
  action = (code: string): string => this.actions.get(code)?.name ?? code;
  person = (id: string): string => this.people.get(id)?.name ?? id;
}

export function readBoot(document: { getElementById(id: string): { textContent: string | null } | null }): Boot {
  const text = document.getElementById("boot")?.textContent;
  if (!text) throw new Error("the page came without its boot data (script#boot)");
  return JSON.parse(text) as Boot;
}
