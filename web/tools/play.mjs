/**
 * Presses an officer's keys into an outbox, for the benchmarks: the outbox is the application's own (`src/offline`),
 * this is only the thumb. Also runs inside a page, so it imports nothing.
 *
 * jobs: [{pause_ms, id, path, body, row, incident, patch, lane, photos: [base64]}]
 */
export async function press(office, jobs) {
  const sleep = (ms) => new Promise((go) => setTimeout(go, ms));
  for (const job of jobs) {
    if (job.pause_ms) await sleep(job.pause_ms);
    const carries = [];
    for (const [n, text] of job.photos.entries()) {
      const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const sha256 = [...digest].map((b) => b.toString(16).padStart(2, "0")).join("");
      const id = `${job.id}-photo-${n}`;
      const taken = { device_at: job.body.device_at, source: "camera", reduced: true };
      const upload = { v: 1, id, type: "image/jpeg", size: bytes.length, sha256, taken, draft: job.id, at: Date.now(), begun: false, offset: 0, answer: null, refusal: null };
      await office.store.putDraft({ key: job.id, note: "", uploads: [id] });
      await office.courier.attach(upload, bytes);
      carries.push({ field: "photos", upload: id, list: true });
    }
    const { id, path, body, row, incident, patch, lane } = job;
    const entry = { v: 1, id, path, body: { command_id: id, ...body }, row, incident, patch, label: "", lane, carries, at: Date.now(), refusal: null };
    await office.courier.add(entry, job.id);
  }
}

/** Resolves with what was refused, once nothing waits any more. */
export async function drained(office) {
  for (;;) {
    const box = await office.box();
    if (box.entries.every((e) => e.refusal) && box.uploads.every((u) => u.answer || u.refusal)) return box.entries;
    await new Promise((go) => setTimeout(go, 50));
  }
}
