/**
 * Our icons: one set, drawn on a grid of 24, strokes of 1.75, shapes that differ in outline and not only in detail.
 * A leading "!" means filled. The build writes the same set as a sprite for the server's pages (css/icons.svg).
 */
export const ICONS = {
  // states: shape first, colour second, always with the word
  suspected: ["M12 3.2 20.8 12 12 20.8 3.2 12Z"],
  confirmed: ["!M12 3.6 21.4 20H2.6Z"],
  declared: ["!M4 4h16v16H4Z"],
  receding: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z"],
  over: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z", "m8.5 12 2.5 2.5 4.5-5"],
  no_news: ["M5 12h14"],
  done: ["m4.5 12.5 5 5 10-11"],
  check: ["m4.5 12.5 5 5 10-11"],
  cross: ["m6 6 12 12", "M18 6 6 18"],
  tick_hollow: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z"],
  // a disc with the tick cut out of it: turning the other way makes it a hole
  tick_full: ["!M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM10.7 18 6.2 13.5 8.6 11.1 10.5 13 15.3 7.7 17.9 10.1Z"],
  tick_wrong: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M12 8v5", "M12 16v.2"],

  // things
  report: ["M4 5h16v11H10l-5 4v-4H4Z"],
  incident: ["M12 3 3 20h18Z", "M12 9.5v5", "M12 17.2v.2"],
  task: ["M6 4h12v16H6Z", "M9 9h6", "M9 13h6"],
  order: ["M4 10v4h3l7 4V6l-7 4Z", "M17.5 9a4.5 4.5 0 0 1 0 6"],
  person: ["M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z", "M4.5 20.5a7.5 7.5 0 0 1 15 0"],
  people: ["M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z", "M2.5 20a6.5 6.5 0 0 1 13 0", "M15.5 5.3a3.5 3.5 0 0 1 0 6.4", "M18 14.4a6.5 6.5 0 0 1 3.5 5.6"],
  unit: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "!M12 7.5a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8Z", "M7.6 17.2a4.7 4.7 0 0 1 8.8 0"],
  agency: ["M4 20h16", "M6 20V9l6-5 6 5v11", "M10 20v-5h4v5"],
  area: ["m3.5 7 6-2.5 5 2.5 6-2.5v12.5l-6 2.5-5-2.5-6 2.5Z", "M9.5 4.5v12.5", "M14.5 7v12.5"],
  water: ["M3 9c2-2 4-2 6 0s4 2 6 0 4-2 6 0", "M3 15c2-2 4-2 6 0s4 2 6 0 4-2 6 0"],
  tree: ["M12 21v-8", "M12 3a5 5 0 0 0-4.4 7.4A4 4 0 0 0 9 17h6a4 4 0 0 0 1.4-6.6A5 5 0 0 0 12 3Z"],
  fire: ["M12 21a6 6 0 0 0 6-6c0-4-3-5-4-11-4 3-8 6-8 11a6 6 0 0 0 6 6Z"],
  road: ["M8 3 4 21", "m16 3 4 18", "M12 4v3", "M12 10.5v3", "M12 17v3"],
  siaga: ["M12 3 4 6v6c0 5 3.5 7.8 8 9 4.5-1.2 8-4 8-9V6Z"],
  alarm: ["M6 17V11a6 6 0 0 1 12 0v6Z", "M4 17h16", "M10.5 20.5h3"],

  // doing
  camera: ["M4 8h3.5L9 5.5h6L16.5 8H20v11H4Z", "M12 10.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6Z"],
  phone: ["M6 3.5h4l1.5 5L9 10c1 2.3 2.7 4 5 5l1.5-2.5 5 1.5v4a2 2 0 0 1-2 2C11 19.5 4.5 13 4 5.5a2 2 0 0 1 2-2Z"],
  voice: ["M12 3.5a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0v-5a3 3 0 0 0-3-3Z", "M5.5 11.5a6.5 6.5 0 0 0 13 0", "M12 18v3"],
  clock: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M12 7.5V12l3 2"],
  eye: ["M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12Z", "M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z"],
  pin: ["M12 21c4.5-5 7-8.4 7-11.5a7 7 0 0 0-14 0C5 12.6 7.5 16 12 21Z", "M12 7.2a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z"],
  here: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z", "M12 2.5V6", "M12 18v3.5", "M2.5 12H6", "M18 12h3.5"],
  go: ["M4 12h15", "m13 6 6 6-6 6"],
  back: ["M20 12H5", "m11 6-6 6 6 6"],
  undo: ["M8 5 4 9l4 4", "M4 9h10a5.5 5.5 0 0 1 0 11H9"],
  plus: ["M12 5v14", "M5 12h14"],
  minus: ["M5 12h14"],
  link: ["M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7", "M14 10a4 4 0 0 0-6-.4l-3 3A4 4 0 0 0 10.7 18.300L12 17"],
  unlink: ["M9 15 6.5 17.5", "M15 9l2.5-2.5", "M5 9H3", "M9 5V3", "M19 15h2", "M15 19v2"],
  tag: ["M4 4h8l8 8-8 8-8-8Z", "M8.5 8.500v.2"],
  sort: ["M7 4v15", "m3.5 15.5 3.5 3.5 3.5-3.5", "M14 6h7", "M14 12h5", "M14 18h3"],
  gauge: ["M4 17a8.5 8.5 0 1 1 16 0", "m12 15 4-5"],
  note: ["M5 4h14v11l-5 5H5Z", "M14 20v-5h5"],
  edit: ["M4 20h4L20 8l-4-4L4 16Z"],
  archive: ["M4 5h16v4H4Z", "M5.5 9v10h13V9", "M10 13h4"],
  inbox: ["M4 13 6.5 5h11L20 13v6H4Z", "M4 13h5l1 2.500h4l1-2.500h5"],
  handover: ["M4 8h13", "m13 4 4 4-4 4", "M20 16H7", "m11 12-4 4 4 4"],
  status: ["M5 5h5v5H5Z", "M14 5h5v5h-5Z", "M5 14h5v5H5Z", "M14 14h5v5h-5Z"],
  search: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", "m15.5 15.5 5 5"],
  filter: ["M4 5h16l-6.5 7.500V19l-3-1.500v-5Z"],
  sound: ["M4 9.500v5h3.500L12 19V5L7.5 9.500Z", "M15.5 8.500a5 5 0 0 1 0 7", "M18 6a8.5 8.5 0 0 1 0 12"],
  mute: ["M4 9.500v5h3.500L12 19V5L7.5 9.500Z", "m15.5 9.5 5 5", "m20.5 9.5-5 5"],
  help: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M9.5 9.500a2.5 2.5 0 1 1 3.6 2.300c-.8.4-1.1.9-1.1 1.7", "M12 16.800v.2"],
  open: ["M14 4h6v6", "M20 4 11 13", "M18 14v6H4V6h6"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  chevron: ["m6 9.5 6 6 6-6"],
  offline: ["M3 3l18 18", "M5 12.500a10 10 0 0 1 4-2.4", "M8.5 16a5 5 0 0 1 5-1", "M12 19.500v.2", "M15 10.200a10 10 0 0 1 4 2.3"],
  warning: ["M12 3 2.5 20h19Z", "M12 9.500v5", "M12 17.200v.2"],
  info: ["M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M12 11v5.5", "M12 7.500v.2"],
} as const satisfies Record<string, readonly string[]>;

export type IconName = keyof typeof ICONS;

export function strokes(name: IconName): { d: string; solid: boolean }[] {
  return ICONS[name].map((d: string) => (d.startsWith("!") ? { d: d.slice(1), solid: true } : { d, solid: false }));
}

/** One `<symbol>` for each icon: `<svg class="icon"><use href="/assets/css/icons.svg#tree"/></svg>`. */
export function sprite(): string {
  const path = ({ d, solid }: { d: string; solid: boolean }) => `<path d="${d}"${solid ? ' fill="currentColor"' : ""}/>`;
  const symbols = (Object.keys(ICONS) as IconName[]).map(
    (name) => `<symbol id="${name}" viewBox="0 0 24 24">${strokes(name).map(path).join("")}</symbol>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}
