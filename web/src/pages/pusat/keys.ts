/** The command centre by keyboard: one table for the handler, the hints on buttons and the help. Words: `pusat.key.<id>`. */
export const KEYS = {
  down: ["j", "ArrowDown"],
  up: ["k", "ArrowUp"],
  join: ["Enter"],
  open: ["n"],
  claim: ["c"],
  quarantine: ["g"],
  admit: ["y"],
  dismiss: ["x"],
  relocate: ["l"],
  prioritise: ["u"],
  task: ["t"],
  order: ["p"],
  dispatch: ["s"],
  merge: ["b"],
  split: ["i"],
  alarm: ["a"],
  mute: ["m"],
  filter: ["f"],
  palette: ["/"],
  help: ["?"],
  back: ["Escape"],
} as const;

export type Intent = keyof typeof KEYS;

const BY_KEY = new Map<string, Intent>(
  Object.entries(KEYS).flatMap(([intent, keys]) => keys.map((key) => [key, intent as Intent] as const)),
);

/** What a person shows of a key: «↵» for Enter. */
export function shown(intent: Intent): string {
  const key = KEYS[intent][0];
  return { Enter: "↵", Escape: "Esc" }[key as string] ?? key;
}

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  target: EventTarget | null;
}

/** A key held down walks through the list; nothing else is done twice by it. */
const WALKS: ReadonlySet<Intent> = new Set(["down", "up"]);

/** In a field only Escape is ours; with a modifier nothing is; on a button Enter is the button's. */
export function intentOf(press: Press): Intent | null {
  const intent = BY_KEY.get(press.key) ?? null;
  if (!intent || press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.repeat && !WALKS.has(intent)) return null;
  const target = press.target as { tagName?: string; isContentEditable?: boolean; dataset?: Record<string, string> } | null;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target?.tagName ?? "") || target?.isContentEditable;
  if (typing) return intent === "back" ? "back" : null;
  // A row of the queue is a button too, but Enter on it is still «gabung»: it has been chosen already.
  const row = target?.dataset?.["row"] !== undefined;
  if (intent === "join" && !row && /^(BUTTON|A|SUMMARY)$/.test(target?.tagName ?? "")) return null;
  return intent;
}
