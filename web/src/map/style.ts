/**
 * The map's style as a pure function of a flavour. A flavour is read from the page's tokens, so the map has no colour
 * of its own. No `glyphs`: labels are drawn from the reader's own fonts, nothing is fetched.
 * Flood is told by pattern as well as by colour: hatched, filled, filled with a heavy edge, dotted edge.
 */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

export interface Flavour {
  ground: string;
  paper: string;
  ink: string;
  city: string;
  cityLine: string;
  cityInk: string;
  danger: string;
  onDanger: string;
  warn: string;
  ok: string;
  accent: string;
  info: string;
  dark: boolean;
  /** How much larger than usual the reader has his text. */
  text: number;
}

const TOKENS = {
  ground: "--ground", paper: "--paper", ink: "--ink", city: "--city", cityLine: "--city-line", cityInk: "--city-ink",
  danger: "--danger", onDanger: "--on-danger", warn: "--warn", ok: "--ok", accent: "--accent", info: "--info",
} as const;

/** `read`: the value of a custom property, as `getComputedStyle(root).getPropertyValue` gives it. */
export function flavourFrom(read: (token: string) => string, dark: boolean, text = 1): Flavour {
  const colours = Object.entries(TOKENS).map(([name, token]) => [name, read(token).trim()]);
  return { ...(Object.fromEntries(colours) as Omit<Flavour, "dark" | "text">), dark, text };
}

const is = (...states: string[]) => ["in", ["get", "state"], ["literal", states]] as never;
const none = { type: "FeatureCollection", features: [] } as const;

function areaLayers(f: Flavour): LayerSpecification[] {
  const heavy = ["match", ["get", "state"], "declared", f.dark ? 0.62 : 0.55, "confirmed", 0.26, 0] as never;
  return [
    { id: "ground", type: "background", paint: { "background-color": f.ground } },
    { id: "area", type: "fill", source: "areas", paint: { "fill-color": f.city } },
    { id: "area-wet", type: "fill", source: "areas", filter: is("confirmed", "declared"), paint: { "fill-color": f.danger, "fill-opacity": heavy } },
    { id: "area-hatch", type: "fill", source: "areas", filter: is("suspected"), paint: { "fill-pattern": "hatch" } },
    { id: "area-line", type: "line", source: "areas", paint: { "line-color": f.cityLine, "line-width": 1 } },
    { id: "area-edge", type: "line", source: "areas", filter: is("suspected", "confirmed", "declared"), paint: { "line-color": f.danger, "line-width": ["match", ["get", "state"], "declared", 3, "confirmed", 2, 1.2] as never } },
    { id: "area-receding", type: "line", source: "areas", filter: is("receding"), paint: { "line-color": f.warn, "line-width": 2.5, "line-dasharray": [0.5, 2] } },
    { id: "area-chosen", type: "line", source: "areas", filter: ["==", ["get", "code"], ""], paint: { "line-color": f.accent, "line-width": 3 } },
  ];
}

function label(f: Flavour): { "text-color": string; "text-halo-color": string; "text-halo-width": number } {
  return { "text-color": f.cityInk, "text-halo-color": f.city, "text-halo-width": 1.5 };
}

const STEP_PX = 40;
/** Incidents on one spot stand side by side, `step` apart. */
const beside = (step: number, [x, y]: [number, number]) =>
  ["match", ["get", "slot"], ...[1, -1, 2].flatMap((n) => [n, ["literal", [x + n * step, y]]]), ["literal", [x, y]]] as never;
const WET = ["suspected", "confirmed", "declared", "receding"];
/** The area's sign stands in its label, where no report and no incident covers it. */
const sign = ["image", ["concat", "area-", ["get", "state"]]];
/** On a small map of the whole city the names would lie on each other: there the sign stands alone. */
const NAMED_ZOOM = 10.4;
/** A name stands on the first side of its point where it lies on nothing; a sign alone stands on the point. */
const SIDES = ["top", "bottom", "left", "right", "top-left", "top-right", "bottom-left", "bottom-right"];
const signed = ["step", ["zoom"], ["format", sign, {}], NAMED_ZOOM, ["format", sign, {}, " ", {}, ["get", "name"], {}]] as never;

function thingLayers(f: Flavour): LayerSpecification[] {
  const size = ["interpolate", ["linear"], ["zoom"], 11, 11 * f.text, 14, 14 * f.text] as never;
  // Every sign is drawn, also over another; the names of dry areas give way to them, and to the names of wet ones.
  const over = { "icon-allow-overlap": true } as const;
  return [
    { id: "area-name", type: "symbol", source: "centres", filter: ["!", is(...WET)] as never, layout: { "text-field": ["get", "name"], "text-size": size, "text-max-width": 7, "text-radial-offset": 1.2, "text-variable-anchor": ["top", "bottom", "center"] }, paint: label(f) },
    { id: "report-group", type: "circle", source: "reports", filter: ["has", "point_count"], paint: { "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 10 * f.text, 100, 22 * f.text], "circle-color": f.paper, "circle-stroke-color": f.cityInk, "circle-stroke-width": 1.5 } },
    { id: "report-count", type: "symbol", source: "reports", filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-size": 11 * f.text, "text-allow-overlap": true, "text-padding": 4 }, paint: { "text-color": f.ink } },
    { id: "report", type: "symbol", source: "reports", filter: ["!", ["has", "point_count"]], layout: { "icon-image": ["case", ["get", "urgent"], "report-urgent", "report"], ...over } },
    { id: "unit", type: "symbol", source: "units", layout: { "icon-image": ["get", "icon"], "text-field": ["step", ["zoom"], "", 13.5, ["get", "name"]], "text-size": 11 * f.text, "text-offset": [0, 1.1], "text-anchor": "top", "text-optional": true, ...over }, paint: { ...label(f), "text-color": f.ink } },
    { id: "area-wet-name", type: "symbol", source: "centres", filter: is(...WET), layout: { "text-field": signed, "text-size": size, "text-radial-offset": ["step", ["zoom"], 0, NAMED_ZOOM, 0.6] as never, "text-variable-anchor": ["step", ["zoom"], ["literal", ["center"]], NAMED_ZOOM, ["literal", SIDES]] as never, "text-allow-overlap": true }, paint: { ...label(f), "text-color": f.ink } },
    { id: "incident", type: "symbol", source: "incidents", layout: { "icon-image": ["get", "icon"], "icon-offset": beside(STEP_PX, [0, -4]), "symbol-sort-key": ["get", "rank"], "text-field": ["case", [">", ["get", "people"], 1], ["to-string", ["get", "people"]], ""], "text-size": 12 * f.text, "text-anchor": "left", "text-offset": beside(STEP_PX / 12 / f.text, [1.1, -0.2]), "text-allow-overlap": true, ...over }, paint: { ...label(f), "text-color": f.ink } },
    { id: "chosen", type: "circle", source: "chosen", paint: { "circle-radius": 18, "circle-opacity": 0, "circle-color": f.accent, "circle-stroke-color": f.accent, "circle-stroke-width": 3 } },
  ];
}

export function style(f: Flavour): StyleSpecification {
  const points = { type: "geojson", data: none, promoteId: undefined } as never;
  return {
    version: 8,
    sources: {
      areas: { type: "geojson", data: none as never, promoteId: "code" },
      centres: { type: "geojson", data: none as never, promoteId: "code" },
      reports: { type: "geojson", data: none as never, cluster: true, clusterRadius: 28, clusterMaxZoom: 14 },
      incidents: points,
      units: points,
      chosen: points,
    },
    layers: [...areaLayers(f), ...thingLayers(f)],
  };
}
