/**
 * The outbox in IndexedDB, one database for each account: what one person pressed is never sent as another.
 *
 * The forms only grow: a newer page reads what an older one wrote (`v` in each record), and a page that is still open
 * while a newer one opens the database lets go of it, so that neither waits for the other.
 */
import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";
import type { Entry, Upload } from "./rules.ts";
import type { Draft, Store } from "./store.ts";
import type { BoardAnswer, Order } from "../core/types.ts";

const VERSION = 1;

export interface Snapshot {
  key: "board";
  answer: BoardAnswer;
  /** The server's time, ms, up to which it was true. */
  heardAt: number;
}

interface Schema extends DBSchema {
  entries: { key: number; value: Entry; indexes: { id: string } };
  uploads: { key: string; value: Upload };
  bytes: { key: string; value: Uint8Array };
  drafts: { key: string; value: Draft };
  pictures: { key: string; value: Snapshot };
  /** As a push brought them: kept before «delivered» is said. */
  orders: { key: string; value: Order };
  lease: { key: string; value: { name: string; holder: string; until: number } };
}
export type Db = IDBPDatabase<Schema>;

export const DATABASE = "hadir-box-";
export const databaseOf = (account: string): string => DATABASE + account;

function upgrade(db: Db): void {
  db.createObjectStore("entries", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
  db.createObjectStore("uploads", { keyPath: "id" });
  db.createObjectStore("bytes");
  db.createObjectStore("drafts", { keyPath: "key" });
  db.createObjectStore("pictures", { keyPath: "key" });
  db.createObjectStore("orders", { keyPath: "id" });
  db.createObjectStore("lease", { keyPath: "name" });
}

/** Opens again by itself when the browser has closed it (memory pressure, a newer version of the page). */
export function opener(account: string): () => Promise<Db> {
  let opened: Promise<Db> | null = null;
  const forget = () => (opened = null);
  return () =>
    (opened ??= openDB<Schema>(databaseOf(account), VERSION, {
      upgrade: (db) => upgrade(db),
      blocking: (_now, _wanted, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw error;
    }));
}

const DURABLE = { durability: "strict" } as const;

export function idbStore(open: () => Promise<Db>): Store {
  async function dropUploads(db: Db, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const tx = db.transaction(["uploads", "bytes"], "readwrite");
    for (const id of ids) {
      void tx.objectStore("uploads").delete(id);
      void tx.objectStore("bytes").delete(id);
    }
    await tx.done;
  }
  return {
    lasting: true,
    async box() {
      const tx = (await open()).transaction(["entries", "uploads"]);
      const [entries, uploads] = await Promise.all([tx.objectStore("entries").getAll(), tx.objectStore("uploads").getAll()]);
      return { entries, uploads: uploads.sort((a, b) => a.seq - b.seq) };
    },
    async addEntry(entry, endsDraft) {
      const tx = (await open()).transaction(["entries", "drafts"], "readwrite", DURABLE);
      const entries = tx.objectStore("entries");
      if ((await entries.index("id").getKey(entry.id)) === undefined) await entries.add(structuredClone(entry) as Entry);
      if (endsDraft) await tx.objectStore("drafts").delete(endsDraft);
      await tx.done;
    },
    async addUpload(upload, bytes) {
      const tx = (await open()).transaction(["uploads", "bytes"], "readwrite", DURABLE);
      await tx.objectStore("uploads").put({ ...upload, seq: upload.at });
      await tx.objectStore("bytes").put(bytes, upload.id);
      await tx.done;
    },
    async changeEntry(seq, change) {
      const tx = (await open()).transaction("entries", "readwrite", DURABLE);
      const entry = await tx.store.get(seq);
      if (entry) await tx.store.put({ ...entry, ...change });
      await tx.done;
    },
    async changeUpload(id, change) {
      const tx = (await open()).transaction("uploads", "readwrite");
      const upload = await tx.store.get(id);
      if (upload) await tx.store.put({ ...upload, ...change });
      await tx.done;
    },
    async dropEntry(seq) {
      const db = await open();
      const tx = db.transaction("entries", "readwrite", DURABLE);
      const entry = await tx.store.get(seq);
      await tx.store.delete(seq);
      const rest = entry?.carries.length ? await tx.store.getAll() : [];
      await tx.done;
      const named = new Set(rest.flatMap((e) => e.carries.map((c) => c.upload)));
      await dropUploads(db, (entry?.carries ?? []).map((c) => c.upload).filter((id) => !named.has(id)));
    },
    dropUpload: async (id) => dropUploads(await open(), [id]),
    bytes: async (id) => (await (await open()).get("bytes", id)) ?? null,
    drafts: async () => (await open()).getAll("drafts"),
    putDraft: async (draft) => void (await (await open()).put("drafts", draft)),
  };
}

export async function savePicture(open: () => Promise<Db>, answer: BoardAnswer, heardAt: number): Promise<void> {
  await (await open()).put("pictures", { key: "board", answer, heardAt });
}

export async function lastPicture(open: () => Promise<Db>): Promise<Snapshot | null> {
  return (await (await open()).get("pictures", "board")) ?? null;
}
