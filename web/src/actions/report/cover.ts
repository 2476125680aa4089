import type { Report } from "../../core/types.ts";
import { command } from "../send.ts";
import { action, operator } from "../types.ts";

/** In parts of the upright picture's width and height. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}
/** A brush's way; the radius in parts of the width. */
export interface Stroke {
  points: [number, number][];
  r: number;
}
export interface Covers {
  photo: string;
  boxes: Box[];
  strokes: Stroke[];
  public: boolean;
}

/** Faces and plates of one photo are covered; only then, and only if it says so, the public sees that copy. */
export const cover = action<Report, Covers>({
  id: "report.cover",
  icon: "eye",
  can: (report, me) => operator(me) && report.photos.length > 0,
  perform: (report, input) => command(`reports/${report.id}/cover`, { ...input }),
  undo: (report, input) => command(`reports/${report.id}/cover`, { ...input, public: false }),
});
