/** What changed between two sets of markers, for `GeoJSONSource.updateData`: the map is told differences, not the world. */
import type { Marker, Markers } from "./features.ts";

export interface Diff {
  remove: string[];
  add: Marker[];
  update: { id: string; newGeometry?: Marker["geometry"]; addOrUpdateProperties?: { key: string; value: unknown }[]; removeProperties?: string[] }[];
}

function moved(a: Marker, b: Marker): boolean {
  return a.geometry.coordinates[0] !== b.geometry.coordinates[0] || a.geometry.coordinates[1] !== b.geometry.coordinates[1];
}

function change(before: Marker, after: Marker): Diff["update"] {
  const changed = Object.entries(after.properties).filter(([key, value]) => before.properties[key] !== value);
  const lost = Object.keys(before.properties).filter((key) => !(key in after.properties));
  const geometry = moved(before, after) ? { newGeometry: after.geometry } : {};
  if (changed.length === 0 && lost.length === 0 && !("newGeometry" in geometry)) return [];
  const properties = changed.map(([key, value]) => ({ key, value }));
  return [{ id: after.id, ...geometry, addOrUpdateProperties: properties, removeProperties: lost }];
}

export function diff(before: Markers, after: Markers): Diff {
  const remove = [...before.keys()].filter((id) => !after.has(id));
  const add = [...after.values()].filter((m) => !before.has(m.id));
  const update = [...after.values()].flatMap((m) => {
    const old = before.get(m.id);
    return old && old !== m ? change(old, m) : [];
  });
  return { remove, add, update };
}

export const empty = (d: Diff): boolean => d.remove.length + d.add.length + d.update.length === 0;
