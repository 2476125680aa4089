/** The map's signs, drawn on a canvas from our own icons' paths: the same shapes as in the lists. */
import { strokes } from "../ui/icons.ts";
import type { IconName } from "../ui/icons.ts";
import type { Flavour } from "./style.ts";

export interface Sign {
  icon: IconName;
  /** CSS pixels. */
  size: number;
  fill: string;
  line: string;
  /** Filled as a whole, whatever the icon says: severity is told by size and fill. */
  solid: boolean;
}

/** Every sign by the name the style knows it by. Pure: what it looks like, not how it is drawn. */
export function signs(f: Flavour): Record<string, Sign> {
  const sign = (icon: IconName, size: number, fill: string, line: string, solid: boolean): Sign => ({ icon, size, fill, line, solid });
  return {
    "incident-0": sign("incident", 24, f.paper, f.danger, true),
    "incident-1": sign("incident", 26, f.paper, f.danger, true),
    "incident-2": sign("confirmed", 30, f.danger, f.paper, true),
    "incident-3": sign("confirmed", 40, f.danger, f.paper, true),
    "incident-resolved": sign("over", 22, f.paper, f.ok, true),
    "report": sign("report", 18, f.paper, f.cityInk, true),
    "report-urgent": sign("report", 24, f.danger, f.paper, true),
    "unit-free": sign("unit", 24, f.paper, f.accent, true),
    "unit-busy": sign("unit", 24, f.accent, f.paper, true),
    "unit-old": sign("unit", 22, f.city, f.cityInk, true),
    "area-suspected": sign("suspected", 18, f.paper, f.danger, true),
    "area-confirmed": sign("confirmed", 20, f.danger, f.paper, true),
    "area-declared": sign("declared", 20, f.danger, f.paper, true),
    "area-receding": sign("receding", 18, f.paper, f.warn, true),
  };
}

function canvas(size: number): CanvasRenderingContext2D {
  const made = document.createElement("canvas");
  made.width = made.height = size;
  return made.getContext("2d", { willReadFrequently: true })!;
}

/** `ratio`: device pixels to a CSS pixel. */
export function draw(sign: Sign, ratio: number): ImageData {
  const pixels = Math.ceil((sign.size + 2) * ratio);
  const pen = canvas(pixels);
  pen.scale(pixels / 26, pixels / 26);
  pen.translate(1, 1);
  pen.lineJoin = pen.lineCap = "round";
  strokes(sign.icon).forEach(({ d }, i) => {
    const path = new Path2D(d);
    if (i === 0 && sign.solid) {
      pen.fillStyle = sign.fill;
      pen.fill(path);
    }
    pen.strokeStyle = sign.line;
    pen.lineWidth = 1.9;
    pen.stroke(path);
  });
  return pen.getImageData(0, 0, pixels, pixels);
}

/** Slanted lines: «dugaan» reads without colour. */
export function hatch(colour: string, ratio: number): ImageData {
  const size = Math.round(7 * ratio);
  const pen = canvas(size);
  pen.strokeStyle = colour;
  pen.lineWidth = ratio;
  pen.globalAlpha = 0.75;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}
