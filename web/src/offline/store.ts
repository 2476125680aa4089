/** Where the outbox is kept. `idb.ts` keeps it in the browser's database; the twin here in memory, by the same contract. */
import type { Box, Entry, Upload } from "./rules.ts";

export type NewEntry = Omit<Entry, "seq">;
export type NewUpload = Omit<Upload, "seq">;
export interface Draft {
  key: string;
  note: string;
  uploads: string[];
}

export interface Store {
  /** True where it outlives the page. */
  readonly lasting: boolean;
  box(): Promise<Box>;
  /** Once this resolves the entry survives the death of the page. An id that is there already is not added twice. */
  addEntry(entry: NewEntry, endsDraft?: string): Promise<void>;
  addUpload(upload: NewUpload, bytes: Uint8Array): Promise<void>;
  /** A change to what is kept; nothing happens to what is not there any more. */
  changeEntry(seq: number, change: Partial<Entry>): Promise<void>;
  changeUpload(id: string, change: Partial<Upload>): Promise<void>;
  /** Takes an entry out, with the uploads that only it named. */
  dropEntry(seq: number): Promise<void>;
  dropUpload(id: string): Promise<void>;
  bytes(upload: string): Promise<Uint8Array | null>;
  drafts(): Promise<Draft[]>;
  putDraft(draft: Draft): Promise<void>;
}

export function memoryStore(): Store {
  let seq = 0;
  const entries = new Map<number, Entry>();
  const uploads = new Map<string, Upload>();
  const blobs = new Map<string, Uint8Array>();
  const drafts = new Map<string, Draft>();
  const dropUpload = (id: string) => void (uploads.delete(id), blobs.delete(id));
  const named = (id: string) => [...entries.values()].some((e) => e.carries.some((c) => c.upload === id));
  return {
    lasting: false,
    box: async () => ({ entries: [...entries.values()], uploads: [...uploads.values()] }),
    async addEntry(entry, endsDraft) {
      if ([...entries.values()].some((e) => e.id === entry.id)) return;
      entries.set(++seq, { ...structuredClone(entry), seq });
      if (endsDraft) drafts.delete(endsDraft);
    },
    async addUpload(upload, bytes) {
      uploads.set(upload.id, { ...upload, seq: ++seq });
      blobs.set(upload.id, bytes);
    },
    async changeEntry(key, change) {
      const entry = entries.get(key);
      if (entry) entries.set(key, { ...entry, ...change });
    },
    async changeUpload(id, change) {
      const upload = uploads.get(id);
      if (upload) uploads.set(id, { ...upload, ...change });
    },
    async dropEntry(key) {
      const entry = entries.get(key);
      entries.delete(key);
      for (const c of entry?.carries ?? []) if (!named(c.upload)) dropUpload(c.upload);
    },
    dropUpload: async (id) => dropUpload(id),
    bytes: async (id) => blobs.get(id) ?? null,
    drafts: async () => [...drafts.values()],
    putDraft: async (draft) => void drafts.set(draft.key, draft),
  };
}
