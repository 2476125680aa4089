/** What the check of a proof found, for the page: which codes are strong, who vouches, where two photos differ. Pure. */
import type { ProofPhoto } from "../core/types.ts";
import type { Say } from "../core/words.ts";

/** As `STRONG` in domain/evidence.py. */
const STRONG = /^proof_(same|far|early)_/;
export const strong = (code: string): boolean => STRONG.test(code);

/** left, top, right, bottom as shares of the picture's sides */
export type Box = readonly [number, number, number, number];
export interface Field {
  x: number;
  y: number;
  width: number;
  height: number;
}

const SIDE = 8;

/** Fields that look different, in hundredths of the picture's sides. */
export function differing(box: Box, fields: string): Field[] {
  const width = ((box[2] - box[0]) * 100) / SIDE;
  const height = ((box[3] - box[1]) * 100) / SIDE;
  return [...fields].flatMap((same, i) =>
    same === "1" ? [] : [{ x: box[0] * 100 + (i % SIDE) * width, y: box[1] * 100 + Math.floor(i / SIDE) * height, width, height }],
  );
}

/** The same fields as they lie on the mirrored photo. */
export function otherWay(fields: string): string {
  const rows = fields.match(/.{8}/g) ?? [];
  return rows.map((row) => [...row].reverse().join("")).join("");
}

export function sameFields(fields: string): number {
  return [...fields].filter((same) => same === "1").length;
}

/** «diterima server 14.05», «menurut telepon 14.03»: each fact with who says it. */
export function vouched(photo: ProofPhoto, say: Say, clock: (at: string) => string): string[] {
  const facts: string[] = [];
  if (photo.received_at) facts.push(say("proof.received", { time: clock(photo.received_at) }));
  if (photo.device_at) facts.push(say("proof.phone_time", { time: clock(photo.device_at) }));
  if (photo.distance_m !== null) {
    const key = photo.accuracy_m === null ? "proof.phone_place_bare" : "proof.phone_place";
    facts.push(say(key, { n: photo.distance_m, accuracy: photo.accuracy_m }));
  }
  if (photo.file_at) facts.push(say("proof.file_time", { time: clock(photo.file_at) }));
  if (photo.file_distance_m !== null) facts.push(say("proof.file_place", { n: photo.file_distance_m }));
  if (photo.source) facts.push(say(`proof.source.${photo.source}`));
  return facts;
}
