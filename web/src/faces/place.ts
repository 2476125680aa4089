/** A place in words, as people here say it: «Plosokerep RT 2 RW 1 · depan musala». */
import type { App } from "../ui/app.svelte.ts";
import type { Place } from "../core/types.ts";

export function areaWords(app: App, place: Place): string {
  const parts = [place.area ? app.names.area(place.area) : app.say(place.outside ? "place.outside" : "place.unknown")];
  if (place.rt !== null) parts.push(app.say("place.rt", { rt: place.rt }));
  if (place.rw !== null) parts.push(app.say("place.rw", { rw: place.rw }));
  return parts.join(" ");
}

export function placeWords(app: App, place: Place): string {
  return place.words ? `${areaWords(app, place)} · ${place.words}` : areaWords(app, place);
}
