/** What a commander says: where, what, within how many minutes, and in words. */
export interface OrderInput {
  to: string;
  action: string;
  place: { area: string | null; words: string | null };
  within_min: number;
  text: string;
  replaces?: string;
}

/** What the addressee says back, chosen among near alternatives. */
export interface ReadBackInput {
  area: string;
  action: string;
  within_min: number;
  device_at: string;
}
