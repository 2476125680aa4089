/**
 * The rows of the board and the facts that change them, exactly as the server sends them.
 * Times are RFC 3339 in UTC, lat/lon are WGS84 degrees, lengths metres unless the name says cm.
 * `since` is when a thing began, `state_at` when its present state did. What a viewer may not see is absent from the
 * row, not null: an agency's desk gets reports without rank, claims and similar things.
 */

export type Params = Record<string, string | number | null>;

/** Why something is suggested; its words stand in the catalogue under `reason.<code>`. */
export interface Reason {
  code: string;
  points: number | null;
  params: Params;
}

export interface Place {
  area: string | null;
  rw: number | null;
  rt: number | null;
  lat: number | null;
  lon: number | null;
  accuracy_m: number | null;
  how: "gps" | "tap" | "list" | "words" | "operator" | null;
  words: string | null;
  outside: boolean;
}

export interface Row {
  id: string;
  state: string;
  version: number;
  place: Place;
  since: string;
}

export type ReportState = "received" | "held" | "joined" | "asked" | "confirmed" | "disputed" | "dismissed";
/** Something said after the report: a question by a desk, all else by the reporter. */
export interface TalkLine {
  position: number;
  at: string;
  kind: "follow_up" | "answer" | "dispute" | "rating" | "question";
  /** Of a question: the agency that asks; null: the command centre. */
  agency: string | null;
  text: string;
  photos: { id: string }[];
}
export interface Talk {
  lines: TalkLine[];
  /** How many lines a desk has to read; `heard` says how many of them each desk has ("" is the command centre). */
  told: number;
  heard: Record<string, number>;
  /** What the command centre has not read. */
  new: number;
  question: string | null;
  rating: "good" | "fair" | "poor" | null;
  /** Agencies with work on the incident: theirs to read, also after the end. */
  desks?: string[];
}

export interface Report extends Row {
  state: ReportState;
  ref: string;
  state_at: string;
  channel: string;
  origin: "live" | "simulation" | "replay";
  text: string;
  photos: { id: string }[];
  category: string;
  category_reasons: Reason[];
  /** 1 can wait … 4 danger to life. */
  urgency: number;
  urgency_reasons: Reason[];
  /** Bigger is handled first; constant in time. */
  rank: number;
  rank_reasons: Reason[];
  /** Points that a person added to the formula's rank. */
  rank_points: number;
  claimed_by: string | null;
  claimed_at: string | null;
  incident: string | null;
  me_too: number;
  similar: string[];
  flood: boolean;
  depth_cm: number | null;
  sensitive: boolean;
  disposition: string | null;
  said_at: string | null;
  /** What the words suggest, where the reporter chose the category. */
  suggested: string | null;
  voice?: Voice | null;
  /** Photos that the phone has yet to send. */
  to_come?: number;
  /** What was said after the report; null: nothing. */
  talk: Talk | null;
  /** What speaks against it. In the state «held» it waits for a look before it is in the queue. */
  doubts: Reason[];
  /** Its words, photos and point are gone, and why. */
  erased?: string | null;
  /** Those of its photos that the public may see, covered. */
  open_photos?: { id: string }[];
}

export type IncidentState = "open" | "in_progress" | "resolved" | "closed";
export interface Incident extends Row {
  state: IncidentState;
  ref: string;
  state_at: string;
  category: string;
  title: string;
  severity: "minor" | "moderate" | "severe" | null;
  /** Command level: 4 field officer … 1 mayor. */
  level: number | null;
  reports: number;
  me_too: number;
  /** Reports and «saya juga». */
  people: number;
  last_report_at: string | null;
  tasks: string[];
  officers: string[];
  agencies: string[];
  disputed: boolean;
  flood: boolean;
  origin: Report["origin"];
  /** What was merged into it and could go back, the oldest first. */
  merged: MergedPart[];
  /** The incident it was split from. */
  split_from: string | null;
}
export interface MergedPart {
  id: string;
  ref: string;
  at: string;
  category: string;
  area: string | null;
  /** How many it brought. */
  reports: number;
}

/** An earlier photo that shows the same; boxes are left, top, right, bottom as shares of the sides. */
export interface SamePhoto {
  photo: string;
  /** «task/…» or «report/…» */
  thing: string;
  at: string;
  percent: number;
  mirrored: boolean;
  here: [number, number, number, number];
  there: [number, number, number, number];
  /** 64 fields, row by row, "1" where they look the same; empty where nobody could look. */
  fields: string;
}
/** One photo of proof: each fact with who says it. Metres from the incident. */
export interface ProofPhoto {
  id: string;
  received_at: string | null;
  device_at: string | null;
  source: "camera" | "gallery" | null;
  distance_m: number | null;
  accuracy_m: number | null;
  file_at: string | null;
  file_distance_m: number | null;
  reasons: Reason[];
  same: SamePhoto[];
}
export interface Proof {
  at: string;
  /** With how many earlier photos they were compared. */
  compared: number;
  flags: string[];
  photos: ProofPhoto[];
}

export type TaskState = "given" | "assigned" | "accepted" | "en_route" | "on_scene" | "done" | "verified" | "cancelled";
export interface Task extends Row {
  state: TaskState;
  ref: string;
  state_at: string;
  incident: string;
  agency: string;
  category: string;
  offered_to: string | null;
  officer: string | null;
  what: string;
  /** What the order that made it asks for; null of other tasks, and of those made before this was told. */
  action: string | null;
  order: string | null;
  sent_back_reason: string | null;
  /** Why its officer gave it back; null once somebody else has it. Absent for officers. */
  declined_reason?: string | null;
  done_photos: { id: string }[];
  done_note: string | null;
  /** What the check of the photos found; null before it. Absent for the officer himself. */
  proof: Proof | null;
}

export type OrderState =
  | "sent" | "delivered" | "seen" | "read_back" | "confirmed"
  | "accepted" | "refused" | "cancelled" | "expired" | "superseded";
export interface OrderStep {
  state: string;
  at: string;
  device_at: string | null;
  /** Of a read-back: what was said otherwise. */
  differs: ("area" | "action" | "within_min")[];
}
/** A recording: `GET /api/v1/orders/<order>/voices/<id>`. */
export interface Voice {
  id: string;
  type: string;
}
export interface OrderCopy {
  id: string;
  /** asked by the commander; superior of the addressee; late and deputy: told because he did not look. */
  why: "asked" | "superior" | "late" | "deputy";
}
export type TimedStep = "delivered" | "seen" | "read_back" | "done";
export interface Overdue {
  step: TimedStep;
  due_at: string;
  /** When it was put on record. */
  at: string;
  consequence: "channel" | "told" | "commander" | "superior";
  said_version: number;
}
export interface Order extends Row {
  state: OrderState;
  ref: string;
  state_at: string;
  incident: string;
  to: string;
  from: string;
  agency: string;
  on_behalf: string | null;
  action: string;
  /** Minutes from the order until it is to be done; `due_at` is the clock time. */
  within_min: number;
  due_at: string;
  text: string;
  said_version: number;
  /** What the addressee said back; `place` is an area's code. Spoken: a voice, or nothing once it is erased. */
  read_back: { place: string | null; action: string | null; within_min: number | null; spoken: boolean; voice: Voice | null } | null;
  /** Which of area, action, within_min were said back otherwise. */
  differs: ("area" | "action" | "within_min")[];
  steps: OrderStep[];
  task: string | null;
  /** After `accepted` the task's state shows on. */
  task_state: TaskState | null;
  replaces: string | null;
  voice: Voice | null;
  on_duty: boolean;
  /** «Tembusan»: they see it, they do not answer. */
  copies: OrderCopy[];
  /** The step whose timer runs, and until when. */
  waits: { step: TimedStep; due_at: string } | null;
  overdue: Overdue[];
  /** Why it was refused or taken back. */
  reason: string | null;
}

export type AlarmKind = "emergency" | "check_in";
/** Something is wrong with an officer. `place` null: look where the unit was last seen. */
export interface Alarm {
  kind: AlarmKind;
  at: string;
  place: Place | null;
  placed_at: string | null;
  acknowledged_by: string | null;
  acknowledged_at: string | null;
}

/** He is alone at a dangerous place: a word is due, and some minutes later the alarm comes. */
export interface Watch {
  task: string;
  incident: string;
  since: string;
  due_at: string;
  late_at: string;
  every_min: number;
  missed: boolean;
}

export interface Unit extends Row {
  name: string;
  agency: string;
  seen_at: string | null;
  /** When the position in `place` was taken: a pressed key is heard of him and no position. */
  placed_at: string | null;
  busy_with: string | null;
  /** Per cent, and the kind of line (4g, 3g, 2g, slow-2g), as his phone said with its last position; only while this page has heard one. */
  battery?: number | null;
  signal?: string | null;
  watch: Watch | null;
  /** The emergency first. */
  alarms: Alarm[];
  /** What his positions say of his task, and he has not. */
  proposed: { task: string; state: "en_route" | "on_scene"; at: string } | null;
}

export type FloodState = "no_news" | "suspected" | "confirmed" | "declared" | "receding" | "over";
export interface Area extends Omit<Row, "since"> {
  /** Of its signs of water: live as soon as one is; null without any. */
  origin: Report["origin"] | null;
  state: FloodState;
  /** When the present state began; null where nothing was ever heard. */
  since: string | null;
  name: string;
  district: string;
  reasons: Reason[];
  reports: number;
  depth_cm: number | null;
  declared_by: string | null;
  heard_at: string | null;
}

export interface Groups {
  reports: Report;
  incidents: Incident;
  tasks: Task;
  orders: Order;
  units: Unit;
  areas: Area;
}
export type GroupName = keyof Groups;
export const GROUPS: readonly GroupName[] = ["reports", "incidents", "tasks", "orders", "units", "areas"];

/** The board as the server writes it: lists. */
export type WireBoard = { [G in GroupName]?: Groups[G][] };
/** The board as we hold it: by id. */
export type Board = { readonly [G in GroupName]: ReadonlyMap<string, Groups[G]> };

export interface Fact {
  position: number;
  at: string;
  kind: string;
  actor: string;
  role: string;
  stream: string;
  version: number;
  put?: WireBoard;
  gone?: { [G in GroupName]?: string[] };
}

/** What `GET /api/v1/board` answers. `at`: the server's clock, where it says so. */
export interface BoardAnswer {
  epoch: string;
  position: number;
  board: WireBoard;
  at?: string;
}

/** One viewer's picture: the board, and the position in the journal up to which it is true. */
export interface Picture {
  readonly epoch: string;
  readonly position: number;
  readonly board: Board;
}

export type TimelineItem = {
  position: number;
  at: string;
  kind: string;
  actor_name: string;
  role: string;
  channel: string;
  text_key: string;
  params: Params;
  photos: { id: string }[];
};
