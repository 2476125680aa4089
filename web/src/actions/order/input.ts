/** A place as a door hears it: a point, an area's code, or words. */
export interface WhereInput {
  how: "gps" | "tap" | "list" | "words" | "operator";
  area?: string | null;
  lat?: number | null;
  lon?: number | null;
  rt?: number | null;
  rw?: number | null;
  text?: string | null;
}

/** What a commander says: where, what, within how many minutes, and in words. */
export interface CorrectInput {
  action: string;
  within_min: number;
  place?: WhereInput | null;
  text: string;
}

export interface OrderInput extends CorrectInput {
  /** One named addressee. */
  to: string;
  on_behalf?: string | null;
  replaces?: string | null;
  copies?: string[];
}

/** What the addressee says back: chosen among near alternatives, or spoken; the outbox names the voice once it is up. */
export type ReadBackInput = { device_at: string } & ({ area: string; action: string; within_min: number } | { voice?: string });
