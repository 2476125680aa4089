/** Degrees to a flat drawing of one city. Good to a few metres over a city; nothing here knows a larger world. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";

export type AreaFeature = Feature<Polygon | MultiPolygon, { code: string; name: string }>;
export type Areas = FeatureCollection<Polygon | MultiPolygon, { code: string; name: string }>;
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Metres in one degree of latitude. */
const DEGREE_M = 111_320;

export function rings(feature: AreaFeature): Position[][] {
  const { geometry } = feature;
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

export function boxOf(areas: Areas): Box {
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const [lon, lat] of areas.features.flatMap(rings).flat() as [number, number][]) {
    box.west = Math.min(box.west, lon);
    box.east = Math.max(box.east, lon);
    box.south = Math.min(box.south, lat);
    box.north = Math.max(box.north, lat);
  }
  return box;
}

export interface Projection {
  width: number;
  height: number;
  xy(lon: number, lat: number): [number, number];
}

/** The box fitted into `width` units with a margin; the height follows from the city's own shape. */
export function projection(box: Box, width: number, margin: number): Projection {
  const squeeze = Math.cos((((box.north + box.south) / 2) * Math.PI) / 180);
  const across = Math.max((box.east - box.west) * squeeze, 1e-9);
  const scale = (width - 2 * margin) / across;
  const height = (box.north - box.south) * scale + 2 * margin;
  const round = (n: number) => Math.round(n * 10) / 10;
  const xy = (lon: number, lat: number): [number, number] => [
    round((lon - box.west) * squeeze * scale + margin),
    round((box.north - lat) * scale + margin),
  ];
  return { width, height: round(height), xy };
}

export function pathOf(feature: AreaFeature, { xy }: Projection): string {
  const line = (ring: Position[]) => `M${ring.map(([lon, lat]) => xy(lon!, lat!).join(" ")).join("L")}Z`;
  return rings(feature).map(line).join("");
}

/** Metres between two points of a city, on a flat earth. */
export function metres(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const squeeze = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot((a.lat - b.lat) * DEGREE_M, (a.lon - b.lon) * DEGREE_M * squeeze);
}
