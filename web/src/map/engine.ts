/** MapLibre behind a small face: show a view, tell what was pressed. Loaded only when a page has its first picture. */
import maplibre from "maplibre-gl/dist/maplibre-gl-csp";
import type { GeoJSONSource, Map as GlMap, MapMouseEvent } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-csp-worker.js?url";
import { boxOf } from "../core/geo.ts";
import type { Areas } from "../core/geo.ts";
import { diff, empty } from "./diff.ts";
import type { Markers } from "./features.ts";
import { draw, hatch, signs } from "./shapes.ts";
import { style } from "./style.ts";
import type { Flavour } from "./style.ts";

maplibre.setWorkerUrl(workerUrl);

export interface View {
  states: ReadonlyMap<string, string>;
  reports: Markers;
  incidents: Markers;
  units: Markers;
  chosen: { lat: number; lon: number } | null;
  chosenArea: string | null;
}
export interface Picked {
  kind: "incident" | "report" | "unit" | "area" | "place";
  id: string;
  lat: number;
  lon: number;
}
export interface EngineOptions {
  container: HTMLElement;
  areas: Areas;
  centres: ReadonlyMap<string, { lat: number; lon: number }>;
  flavour: Flavour;
  picked: (what: Picked) => void;
  held: (what: Picked) => void;
  ready: () => void;
}

const PICKABLE = ["incident", "report", "report-group", "unit", "area"] as const;
/** Fingers are wider than signs. */
const REACH_PX = 10;
const HOLD_MS = 600;
/** Around the whole city, in pixels: below it stands whose borders these are. */
const ROOM = { top: 24, right: 24, bottom: 40, left: 24 };
const NOTHING: View = { states: new Map(), reports: new Map(), incidents: new Map(), units: new Map(), chosen: null, chosenArea: null };

export class Engine {
  readonly #map: GlMap;
  readonly #o: EngineOptions;
  #shown: View = NOTHING;
  #wanted: View = NOTHING;
  #styled = false;
  #flavour: Flavour;
  #hold: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EngineOptions) {
    this.#o = options;
    this.#flavour = options.flavour;
    const box = boxOf(options.areas);
    this.#map = new maplibre.Map({
      container: options.container,
      style: style(options.flavour),
      bounds: [box.west, box.south, box.east, box.north],
      fitBoundsOptions: { padding: ROOM },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 18,
      minZoom: 9,
      fadeDuration: 0,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.on("style.load", () => this.#restyled());
    void this.#map.once("idle", () => options.ready());
    this.#map.on("click", (e) => this.#click(e));
    this.#map.on("contextmenu", (e) => this.#o.held(this.#at(e)));
    this.#map.on("touchstart", (e) => (this.#hold = setTimeout(() => this.#o.held(this.#at(e)), HOLD_MS)));
    for (const end of ["touchend", "touchmove", "touchcancel"] as const) this.#map.on(end, () => clearTimeout(this.#hold));
  }

  show(view: View): void {
    this.#wanted = view;
    if (!this.#styled) return;
    const shown = this.#shown;
    for (const layer of ["reports", "incidents", "units"] as const) this.#markers(layer, shown[layer], view[layer]);
    this.#states(shown.states, view.states);
    this.#choose(view);
    this.#shown = view;
  }

  recolour(flavour: Flavour): void {
    this.#flavour = flavour;
    this.#styled = false;
    this.#map.setStyle(style(flavour));
  }

  /** Moves only when the point is out of sight: who reads the city does not want it to jump. */
  reveal(lat: number, lon: number): void {
    if (!this.#map.getBounds().contains([lon, lat])) this.#map.easeTo({ center: [lon, lat], duration: 400 });
  }

  whole(): void {
    const box = boxOf(this.#o.areas);
    this.#map.fitBounds([box.west, box.south, box.east, box.north], { padding: ROOM, duration: 400 });
  }

  zoom(by: 1 | -1): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, duration: 200 });
  }

  destroy(): void {
    clearTimeout(this.#hold);
    this.#map.remove();
  }

  #restyled(): void {
    const ratio = Math.min(3, Math.max(1, devicePixelRatio));
    for (const [name, sign] of Object.entries(signs(this.#flavour))) {
      this.#map.addImage(name, draw(sign, ratio), { pixelRatio: ratio });
    }
    this.#map.addImage("hatch", hatch(this.#flavour.danger, ratio), { pixelRatio: ratio });
    this.#source("areas").setData(this.#o.areas);
    this.#source("centres").setData(this.#centres());
    this.#styled = true;
    this.#shown = NOTHING;
    this.show(this.#wanted);
  }

  #source(name: string): GeoJSONSource {
    return this.#map.getSource(name) as GeoJSONSource;
  }

  #centres(): GeoJSON.FeatureCollection {
    const features = this.#o.areas.features.flatMap(({ properties: { code, name } }) => {
      const at = this.#o.centres.get(code);
      return at ? [{ type: "Feature" as const, properties: { code, name }, geometry: { type: "Point" as const, coordinates: [at.lon, at.lat] } }] : [];
    });
    return { type: "FeatureCollection", features };
  }

  #markers(layer: string, before: Markers, after: Markers): void {
    if (before === after) return;
    const changed = diff(before, after);
    if (!empty(changed)) void this.#source(layer).updateData(changed as never);
  }

  #states(before: View["states"], after: View["states"]): void {
    const update = [...after].filter(([code, state]) => before.get(code) !== state);
    if (update.length === 0) return;
    const changes = update.map(([id, value]) => ({ id, addOrUpdateProperties: [{ key: "state", value }] }));
    for (const name of ["areas", "centres"]) void this.#source(name).updateData({ update: changes });
  }

  #choose({ chosen, chosenArea }: View): void {
    const features = chosen ? [{ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: [chosen.lon, chosen.lat] } }] : [];
    this.#source("chosen").setData({ type: "FeatureCollection", features });
    this.#map.setFilter("area-chosen", ["==", ["get", "code"], chosenArea ?? ""]);
  }

  #at(e: { point: { x: number; y: number }; lngLat: { lat: number; lng: number } }): Picked {
    const { lat, lng: lon } = e.lngLat;
    const near: [[number, number], [number, number]] = [[e.point.x - REACH_PX, e.point.y - REACH_PX], [e.point.x + REACH_PX, e.point.y + REACH_PX]];
    const found = this.#map.queryRenderedFeatures(near, { layers: [...PICKABLE] });
    const first = PICKABLE.flatMap((layer) => found.filter((f) => f.layer.id === layer))[0];
    if (!first) return { kind: "place", id: "", lat, lon };
    const layer = first.layer.id;
    if (layer === "area") return { kind: "area", id: String(first.properties["code"]), lat, lon };
    if (layer === "report-group") return { kind: "place", id: "group", lat, lon };
    return { kind: layer as "incident" | "report" | "unit", id: String(first.id ?? ""), lat, lon };
  }

  #click(e: MapMouseEvent): void {
    const what = this.#at(e);
    if (what.id === "group") return void this.#map.easeTo({ center: [what.lon, what.lat], zoom: this.#map.getZoom() + 2, duration: 300 });
    this.#o.picked(what);
  }
}
