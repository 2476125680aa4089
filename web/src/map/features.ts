/** The board as features, one collection for each layer of the map. Pure; ids are the rows' ids. */
import type { Feature, Point } from "geojson";
import { ordersOf, queue, severityRank } from "../core/select.ts";
import type { Board, Place, Row } from "../core/types.ts";

export type Marker = Feature<Point, Record<string, string | number | boolean>> & { id: string };
export type Markers = ReadonlyMap<string, Marker>;
/** Where an area's sign stands: for things of which only the area is known. */
export type Centres = ReadonlyMap<string, { lat: number; lon: number }>;

/** Older than this a position says where somebody was, not where he is. */
export const UNIT_STALE_MS = 5 * 60_000;

export function pointOf(place: Place, centres: Centres): { lat: number; lon: number } | null {
  if (place.lat !== null && place.lon !== null) return { lat: place.lat, lon: place.lon };
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

export function incidentMarkers(board: Board, centres: Centres): Markers {
  const open = [...board.incidents.values()].filter((i) => i.state !== "closed");
  return new Map(
    open.flatMap((i) => {
      const icon = i.state === "resolved" ? "incident-resolved" : `incident-${severityRank(i)}`;
      const unread = ordersOf(board, i.id).some((o) => o.read_back === null && ["sent", "delivered", "seen"].includes(o.state));
      return marker(i, centres, { icon, people: i.people, rank: severityRank(i), covered: i.officers.length > 0, unread });
    }),
  );
}

export function unitMarkers(board: Board, now: number): Markers {
  const none: Centres = new Map();
  const old = (at: string | null) => at === null || now - Date.parse(at) > UNIT_STALE_MS;
  return new Map(
    [...board.units.values()].flatMap((u) =>
      marker(u, none, { icon: old(u.seen_at) ? "unit-old" : u.busy_with ? "unit-busy" : "unit-free", name: u.name }),
    ),
  );
}

/** Area code → flood state, for the areas that are on the board. */
export function floodStates(board: Board): ReadonlyMap<string, string> {
  return new Map([...board.areas.values()].map((a) => [a.id, a.state]));
}
