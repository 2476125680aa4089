/** The way to a place, by the phone's own map: Android answers to `geo:`, an iPhone to `maps:`, others open a page. */
import type { Point } from "./geo.ts";

export function wayTo({ lat, lon }: Point, agent: string): string {
  if (/iPhone|iPad|iPod/.test(agent)) return `maps:?daddr=${lat},${lon}&dirflg=d`;
  if (/Macintosh|Windows|CrOS|X11; Linux/.test(agent)) return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`;
  return `geo:${lat},${lon}?q=${lat},${lon}`;
}
