/** Distances and the city's outline as paths: all a phone needs to draw its map without a map library. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";

export interface Point {
  lat: number;
  lon: number;
}

/** Metres along one degree of latitude. */
const DEGREE_M = 111_320;

/** Metres between two points. Plane geometry: the error within 20 km is below 0.1 %. */
export function metres(a: Point, b: Point): number {
  const squeeze = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(a.lat - b.lat, (a.lon - b.lon) * squeeze) * DEGREE_M;
}

/** The point of a place, where it has one. */
export function pointOf(place: { lat: number | null; lon: number | null } | null | undefined): Point | null {
  return place && place.lat !== null && place.lon !== null ? { lat: place.lat, lon: place.lon } : null;
}

/** A drawing plane: units are metres, x to the east and y to the south of the north-west corner. */
export interface Plane {
  width: number;
  height: number;
  x(lon: number): number;
  y(lat: number): number;
}

export function plane(points: readonly Point[]): Plane {
  const lats = points.map((p) => p.lat);
  const lons = points.map((p) => p.lon);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  return {
    width: (east - west) * squeeze * DEGREE_M,
    height: (north - south) * DEGREE_M,
    x: (lon) => (lon - west) * squeeze * DEGREE_M,
    y: (lat) => (north - lat) * DEGREE_M,
  };
}

type Shape = Feature<Polygon | MultiPolygon, { code: string }>;
export type Outlines = FeatureCollection<Polygon | MultiPolygon, { code: string }>;

function rings(shape: Shape): Position[][] {
  const { geometry } = shape;
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

export function corners(outlines: Outlines): Point[] {
  return outlines.features.flatMap((f) => rings(f).flat().map(([lon, lat]) => ({ lat: lat!, lon: lon! })));
}

/** One SVG path for each area's code; whole metres, which is finer than any screen shows. */
export function paths(outlines: Outlines, on: Plane): Map<string, string> {
  const line = (ring: Position[]) => ring.map(([lon, lat]) => `${Math.round(on.x(lon!))} ${Math.round(on.y(lat!))}`).join("L");
  return new Map(outlines.features.map((f) => [f.properties.code, rings(f).map((r) => `M${line(r)}Z`).join("")]));
}

/** The part of the plane a window shows. `k` 1 fits the whole plane into what is left above `bottom` pixels. */
export interface View {
  k: number;
  /** The plane's point in the middle of what is left, in metres. */
  cx: number;
  cy: number;
}

export const whole = (on: Plane): View => ({ k: 1, cx: on.width / 2, cy: on.height / 2 });

export interface Window {
  /** Pixels for one metre. */
  scale: number;
  /** Left, top, width, height in metres: an SVG viewBox. */
  box: [number, number, number, number];
}

/** Room around the city, in pixels: a label at its edge is not cut. */
const MARGIN_PX = 20;

export function look(on: Plane, view: View, width: number, height: number, bottom = 0): Window {
  const free = Math.max(80, height - bottom);
  const fit = Math.min((width - 2 * MARGIN_PX) / on.width, (free - 2 * MARGIN_PX) / on.height);
  const scale = Math.max(fit, 1e-4) * view.k;
  return { scale, box: [view.cx - width / 2 / scale, view.cy - free / 2 / scale, width / scale, height / scale] };
}
