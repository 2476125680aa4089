/** The board as features, one collection for each layer of the map. Pure; ids are the rows' ids. */
import type { Feature, Point } from "geojson";
import { metres } from "../core/geo.ts";
import { ordersOf, severityRank } from "../core/select.ts";
import { queue } from "../core/queue.ts";
import type { Board, Incident, Place, Row } from "../core/types.ts";

export type Marker = Feature<Point, Record<string, string | number | boolean>> & { id: string };
export type Markers = ReadonlyMap<string, Marker>;
/** Where an area's sign stands: for things of which only the area is known. */
export type Centres = ReadonlyMap<string, { lat: number; lon: number }>;

/** Older than this a position says where somebody was, not where he is. */
export const UNIT_STALE_MS = 3 * 60_000;

/** Nearer than this to its area's sign and name, an incident stands above them: on a map of the whole city they would be one blot. */
const APART_M = 250;
/** Incidents nearer to each other than this share a spot, and stand at these places beside each other. */
const SAME_SPOT_M = 200;
const ASIDE = [0, 1, -1, 2] as const;

/** Where it stands on the city's map. A point outside the city stands on none: only its area does, where a person named one. */
export function pointOf(place: Place, centres: Centres): { lat: number; lon: number } | null {
  if (!place.outside && place.lat !== null && place.lon !== null) return { lat: place.lat, lon: place.lon };
  return (place.area && centres.get(place.area)) || null;
}

function marker(row: Row, centres: Centres, properties: Marker["properties"]): [string, Marker][] {
  const at = pointOf(row.place, centres);
  if (!at) return [];
  const geometry: Point = { type: "Point", coordinates: [at.lon, at.lat] };
  return [[row.id, { type: "Feature", id: row.id, geometry, properties }]];
}

export function reportMarkers(board: Board, centres: Centres): Markers {
  return new Map(queue(board).flatMap((r) => marker(r, centres, { urgent: r.urgency >= 4, urgency: r.urgency })));
}

/** How many places to the right (or left) an incident stands because others stand there already; the gravest keeps its place. */
function slotsOf(open: readonly Incident[], centres: Centres): ReadonlyMap<string, number> {
  const standing: { lat: number; lon: number; taken: number }[] = [];
  const slots = new Map<string, number>();
  for (const i of [...open].sort((a, b) => severityRank(b) - severityRank(a) || b.people - a.people)) {
    const at = pointOf(i.place, centres);
    if (!at) continue;
    const there = standing.find((s) => metres(s, at) < SAME_SPOT_M);
    if (there) slots.set(i.id, ASIDE[Math.min(++there.taken, ASIDE.length - 1)]!);
    else standing.push({ ...at, taken: 0 });
  }
  return slots;
}

export function incidentMarkers(board: Board, centres: Centres): Markers {
  const open = [...board.incidents.values()].filter((i) => i.state !== "closed");
  const slots = slotsOf(open, centres);
  return new Map(
    open.flatMap((i) => {
      const icon = i.state === "resolved" ? "incident-resolved" : `incident-${severityRank(i)}`;
      const unread = ordersOf(board, i.id).some((o) => o.read_back === null && ["sent", "delivered", "seen"].includes(o.state));
      const [at, sign] = [pointOf(i.place, centres), centres.get(i.place.area ?? "")];
      const above = Boolean(at && sign && metres(at, sign) < APART_M);
      return marker(i, centres, { icon, above, slot: slots.get(i.id) ?? 0, people: i.people, rank: severityRank(i), covered: i.officers.length > 0, unread });
    }),
  );
}

export function unitMarkers(board: Board, now: number): Markers {
  const none: Centres = new Map();
  const old = (at: string | null) => at === null || now - Date.parse(at) > UNIT_STALE_MS;
  return new Map(
    [...board.units.values()].flatMap((u) =>
      // an officer beyond the border is where he is
      marker({ ...u, place: { ...u.place, outside: false } }, none, { icon: old(u.placed_at) ? "unit-old" : u.busy_with ? "unit-busy" : "unit-free", name: u.name }),
    ),
  );
}

/** Area code → flood state, for the areas that are on the board. */
export function floodStates(board: Board): ReadonlyMap<string, string> {
  return new Map([...board.areas.values()].map((a) => [a.id, a.state]));
}
