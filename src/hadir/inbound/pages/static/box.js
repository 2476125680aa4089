// Reports, and what is said on them later, on this phone until they are sent: kept in its database before the first
// byte leaves, so that neither a tunnel nor a killed tab loses one. The words of a report go first, a photo follows in
// pieces. Pages and service worker share this file.
// Written for browsers of eight years ago: no «?.», no «??», no modules.
(function (self) {
  "use strict";
  const STORE = "laporan";
  const PIECE = 24 * 1024; // bytes at first; more when the line carries it in less than FAST ms
  const PIECE_MOST = 512 * 1024;
  const FAST = 2500;
  const UNSEEN = 30 * 24 * 3600 * 1000; // ms that the address of a sent report waits here to be opened
  const listeners = new Set();
  const memory = new Map(); // where the database is shut (private windows): until the page is closed
  let database = null;
  let running = null;

  /** It did not go now; `later` is worth another try. */
  class Stuck extends Error {
    constructor(later, told, wait) {
      super("not sent");
      this.later = later;
      this.told = told;
      this.wait = wait || 0;
    }
  }

  function open() {
    if (!database) {
      database = new Promise((done) => {
        try {
          const asked = indexedDB.open("hadir-warga", 1);
          asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
          asked.onsuccess = () => done(asked.result);
          asked.onerror = () => done(null);
        } catch (error) {
          done(null);
        }
      });
    }
    return database;
  }

  async function run(mode, work) {
    const db = await open();
    if (!db) return null;
    return new Promise((done, failed) => {
      const change = db.transaction(STORE, mode);
      const asked = work(change.objectStore(STORE));
      change.oncomplete = () => done(asked.result);
      change.onabort = change.onerror = () => failed(change.error);
    });
  }

  async function put(report) {
    memory.set(report.id, report);
    try {
      if (await run("readwrite", (store) => store.put(report))) memory.delete(report.id);
    } catch (error) {
      // full or shut: what is in memory goes all the same
    }
    tell(report);
  }

  async function remove(id) {
    memory.delete(id);
    await run("readwrite", (store) => store.delete(id)).catch(() => null);
    tell(null);
  }

  async function all() {
    const stored = (await run("readonly", (store) => store.getAll()).catch(() => null)) || [];
    const known = new Map(stored.map((report) => [report.id, report]));
    memory.forEach((report, id) => known.set(id, report));
    return Array.from(known.values()).sort((a, b) => a.at - b.at);
  }

  function tell(report, sent) {
    listeners.forEach((listener) => listener(report, sent));
  }

  // ── the way to the server ────────────────────────────────────────────────────────────────────────────────────────
  async function ask(url, options) {
    let answer;
    try {
      answer = await fetch(url, Object.assign({ credentials: "same-origin" }, options));
    } catch (error) {
      throw new Stuck(true, null);
    }
    if (answer.status === 429 || answer.status >= 500) {
      throw new Stuck(true, await json(answer), Number(answer.headers.get("retry-after")) * 1000);
    }
    return answer;
  }

  const json = (answer) => answer.json().catch(() => null);
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (b) => (b + 256).toString(16).slice(1)).join("");

  /** A blob in pieces, from where the server has it; → its id. A cut, a killed tab: the next time goes on from there. */
  async function upload(report, name, blob, again) {
    const bytes = await new Response(blob).arrayBuffer();
    const about = { id: `${report.id}-${name}${again || ""}`, length: bytes.byteLength, type: blob.type };
    about.sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
    const headers = { "content-type": "application/json", accept: "application/json" };
    const begun = await ask("/api/v1/uploads", { method: "POST", headers, body: JSON.stringify(about) });
    let stands = await json(begun);
    if (!begun.ok) throw new Stuck(false, stands);
    let size = PIECE;
    while (!stands.answer) {
      const from = stands.offset;
      tell(report, from / about.length);
      const since = Date.now();
      const answer = await ask(`/api/v1/uploads/${about.id}`, {
        method: "PATCH",
        headers: { "content-type": "application/partial-upload", "upload-offset": String(from), accept: "application/json" },
        body: bytes.slice(from, from + size),
      });
      if (answer.status === 409 && answer.headers.get("upload-offset")) {
        stands.offset = Number(answer.headers.get("upload-offset"));
      } else if (answer.status === 404 && !again) {
        return upload(report, name, blob, "-2");
      } else {
        stands = await json(answer);
        if (!answer.ok) throw new Stuck(false, stands);
      }
      if (Date.now() - since < FAST) size = Math.min(size * 2, PIECE_MOST);
    }
    tell(report, 1);
    return stands.answer;
  }

  /** Over plain HTTP a browser has no digests: all of it in one breath, as a form without script would be sent. */
  const pieces = () => Boolean(self.crypto && crypto.subtle);

  /** A press that answers with an address, in one breath; whatever else comes back was refused. */
  async function post(to, fields, photos) {
    const body = photos.length ? new FormData() : new URLSearchParams();
    Object.keys(fields).forEach((name) => body.append(name, fields[name]));
    photos.forEach((photo) => body.append("photo", photo, "foto.jpg"));
    const told = await json(await ask(to, { method: "POST", body, headers: { accept: "application/json" } }));
    if (!told || !told.url) throw new Stuck(false, told);
    return told.url;
  }

  async function words(report) {
    const fields = report.fields;
    if (report.voice && !fields.voice) {
      fields.voice = await upload(report, "v", report.voice);
      await put(report);
    }
    if (report.photo && !report.photoId && !fields.text && !fields.voice && pieces()) {
      // Nothing but a picture: it is the report, and comes first.
      report.photoId = fields.photos = await upload(report, "f", report.photo);
      await put(report);
    }
    const whole = report.photo && !report.photoId && !pieces();
    if (report.photo && !report.photoId && !whole) fields.to_come = "1";
    report.url = await post("/lapor", fields, whole ? [report.photo] : []);
    if (whole) report.photo = null;
    await put(report);
  }

  async function photo(report) {
    try {
      report.photoId = report.photoId || (await upload(report, "f", report.photo));
    } catch (error) {
      if (!(error instanceof Stuck) || error.later) throw error;
      report.photo = null;
      report.lost = true;
      return put(report);
    }
    await put(report);
    const secret = report.url.split("/l/")[1].split("?")[0];
    await post("/lapor/susulan", { secret, photos: report.photoId, command_id: `${report.id}-s` }, []);
    report.photo = null;
    return put(report);
  }

  /** What was said behind a report's link (after.js): its photos in pieces, then all of it as one press, one fact. */
  async function more(said) {
    for (; pieces() && said.photos.length; await put(said)) {
      const id = await upload(said, `${said.at.toString(36)}${said.photos.length}`, said.photos[0]);
      said.fields.photos = `${said.fields.photos || ""} ${id}`.trim();
      said.photos.shift();
    }
    said.url = await post(said.to, said.fields, said.photos);
  }

  /** All of it is there: its address stays on this phone until its page has been seen (after.js). */
  async function arrived(report) {
    const { id, at, url, lost, fields } = report;
    await put({ id, at, url, lost, fields: { text: fields.text, voice: fields.voice } });
    tell(null);
  }

  /** One report as far as it will go. What was refused waits for its writer; of what is whole only the address stays. */
  async function deliver(report) {
    if (report.problem) return;
    try {
      if (report.to) await more(report);
      else if (!report.url) await words(report);
      if (report.photo && !report.fields.photos) await photo(report);
      report.done = true;
      await (report.to ? remove(report.id) : arrived(report));
      tell(report, 1);
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      if (error.later) throw error;
      if (report.url) {
        report.photo = null;
        report.lost = true;
      } else report.problem = error.told || {};
      await put(report);
    }
  }

  async function once() {
    let stuck = null;
    for (const report of await all()) {
      try {
        if (!report.url || report.photo) await deliver(report);
        else if (report.to || Date.now() - report.at > UNSEEN) await remove(report.id);
      } catch (error) {
        if (!(error instanceof Stuck)) throw error;
        stuck = error;
        tell(report, -1);
        if (!error.told) break; // no line: the others will not get through either
      }
    }
    return stuck;
  }

  /** Everything that waits, once; → null, or why not all of it went. One page at a time where browsers can tell. */
  function flush() {
    if (!running) {
      const locks = self.navigator && navigator.locks;
      running = (locks ? navigator.locks.request("hadir-kirim", once) : once()).then(
        (stuck) => ((running = null), stuck),
        (error) => {
          running = null;
          throw error;
        },
      );
    }
    return running;
  }

  self.HadirBox = { put, remove, all, flush, listen: (listener) => listeners.add(listener) };

  // ── in a page: at once, when the signal is back, and now and then ─────────────────────────────────────────────────
  if (!self.document) return;
  let tries = 0;
  let timer = 0;

  async function go() {
    clearTimeout(timer);
    if (running) await running.catch(() => null); // it began before what was put in since
    const stuck = await flush().catch(() => new Stuck(true, null));
    if (!stuck) return tell(null), void (tries = 0); // the worker or another page may have sent what is shown here
    const wait = Math.max(stuck.wait, Math.random() * Math.min(30000, 1000 * Math.pow(2, tries++)) + 500);
    timer = setTimeout(go, wait);
  }

  /** The page `/` for the next time without a line, and a call when it is back. The staff's worker stays where it is. */
  async function keepPage(waiting) {
    if (!navigator.serviceWorker) return;
    try {
      const known = await navigator.serviceWorker.getRegistration("/");
      const script = known && (known.active || known.waiting || known.installing);
      if (script && !script.scriptURL.endsWith("/warga-sw.js")) return;
      const mine = await navigator.serviceWorker.register("/warga-sw.js");
      if (waiting && mine.sync) await mine.sync.register("laporan");
    } catch (error) {
      // a private window: it works without
    }
  }

  /** What is the same stays: drawn anew at every try, a button would be gone between the thumb's coming and going. */
  function draw(list, cards) {
    const drawn = list.children;
    if (cards.length === drawn.length && cards.every((card, i) => card === drawn[i] || card.isEqualNode(drawn[i]))) return;
    list.textContent = "";
    cards.forEach((card) => list.append(card));
  }

  self.HadirBox.keepPage = keepPage;
  self.HadirBox.draw = draw;
  self.HadirBox.go = () => ((tries = 0), go());
  addEventListener("online", self.HadirBox.go);
  document.addEventListener("visibilitychange", () => document.hidden || go());
  addEventListener("load", go);
})(self);
