// The report form, quicker: GPS, a tap on the map, a smaller photo; the report is kept on the phone (box.js) and sent from
// there. Without this file the form is sent as it is; nothing here is needed to report. No «?.», no «??»: old phones.
const form = document.getElementById("lapor");
const $ = (id) => document.getElementById(id);
const say = form.dataset;
const svg = form.querySelector("svg.city");
const geo = { west: +svg.dataset.west, north: +svg.dataset.north, kx: +svg.dataset.kx, ky: +svg.dataset.ky };
const paths = [...svg.querySelectorAll("path.area")];
const DRAFT = "hadir:draft";
let photo = null; // the smaller picture, once it is made
let making = null; // … while it is being made
const said = { voice: null, same: "" }; // what helps.js and voice.js add to the form

document.documentElement.classList.add("js");
$("peta").hidden = false;
$("gps").hidden = !navigator.geolocation;

// ── where ────────────────────────────────────────────────────────────────────────────────────────────────────────
const names = new Map([...$("area").options].map((o) => [o.value, o.text]));
const centre = new Map(paths.map((p) => [p.dataset.area, middle(p)]));

function middle(path) {
  const box = path.getBBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

function nearest(x, y) {
  const at = new DOMPoint(x, y);
  const inside = (p) => p.isPointInFill(at);
  const far = (p) => (inside(p) ? -1 : Math.hypot(...centre.get(p.dataset.area).map((v, i) => v - [x, y][i])));
  return paths.map((p) => [far(p), p]).sort((a, b) => a[0] - b[0]).map(([, p]) => p);
}

/** Metres from a point to the nearest border, counted along the drawn outlines. */
function metresOutside(x, y) {
  let best = Infinity;
  for (const path of paths) {
    const length = path.getTotalLength();
    for (let s = 0; s < length; s += 6) {
      const p = path.getPointAtLength(s);
      best = Math.min(best, Math.hypot(p.x - x, p.y - y));
    }
  }
  return (best / geo.ky) * 111320;
}

function placeAt(lat, lon, how, accuracy) {
  const x = (lon - geo.west) * geo.kx;
  const y = (geo.north - lat) * geo.ky;
  const near = nearest(x, y);
  form.lat.value = lat.toFixed(6);
  form.lon.value = lon.toFixed(6);
  form.how.value = how;
  form.accuracy_m.value = accuracy ? Math.round(accuracy) : "";
  const pin = svg.querySelector(".pin");
  pin.setAttribute("cx", x);
  pin.setAttribute("cy", y);
  const inside = near[0].isPointInFill(new DOMPoint(x, y));
  if (!inside && metresOutside(x, y) > +say.outside) return beyond();
  choose(near.slice(0, 3).map((p) => p.dataset.area));
  document.dispatchEvent(new Event("hadir:place"));
}

function beyond() {
  $("near").hidden = true;
  pick("-");
  $("gps-said").textContent = say.far;
}

function choose(codes) {
  const box = $("near");
  box.querySelectorAll("label").forEach((l) => l.remove());
  codes.forEach((code, i) => {
    const label = document.createElement("label");
    label.className = "choice";
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "near", value: code });
    radio.checked = i === 0;
    radio.addEventListener("change", () => pick(code));
    label.append(radio, names.get(code));
    box.append(label);
  });
  box.hidden = false;
  pick(codes[0]);
}

function pick(code) {
  $("area").value = code;
  paint(code);
}

function paint(code) {
  for (const p of paths) p.classList.toggle("chosen", p.dataset.area === code);
}

$("area").addEventListener("change", () => {
  const code = $("area").value;
  paint(code);
  for (const radio of $("near").querySelectorAll("input")) radio.checked = radio.value === code;
});

svg.addEventListener("click", (event) => {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  $("gps-said").textContent = say.tapFound;
  placeAt(geo.north - at.y / geo.ky, geo.west + at.x / geo.kx, "tap");
});

$("gps").addEventListener("click", () => {
  $("gps-said").textContent = say.gpsWait;
  const found = ({ coords }) => {
    $("gps-said").textContent = say.gpsFound.replace("{m}", Math.round(coords.accuracy));
    placeAt(coords.latitude, coords.longitude, "gps", coords.accuracy);
  };
  const lost = () => ($("gps-said").textContent = say.gpsNo);
  navigator.geolocation.getCurrentPosition(found, lost, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
});

// ── photo ────────────────────────────────────────────────────────────────────────────────────────────────────────
async function take(file) {
  try {
    const shrink = await import(say.shrink);
    photo = await shrink.smaller(file, $("photo-shown").querySelector("canvas"));
    if (!photo) return unread();
    if (photo.size > file.size) photo = file;
    $("photo-shown").hidden = false;
  } catch (error) {
    photo = file; // it cannot be drawn here, or the line broke: the server decides
  }
  form.photos.value = "";
  $("photo-label").textContent = say.photoOther;
  $("photo-said").textContent = say.photoReady.replace("{kb}", Math.ceil(photo.size / 1024));
}

$("photo").addEventListener("change", () => {
  const file = $("photo").files[0];
  photo = null;
  const around = $("photo").closest(".field");
  delete around.dataset.wrong;
  around.querySelectorAll(".wrong").forEach((line) => line.remove());
  if (!file) return forget();
  making = take(file);
});

/** A file that is no photo is said at once, not an hour later when it has been sent. */
function unread() {
  forget();
  mark([{ field: "photo", says: say.photoUnread }]);
}

function forget() {
  photo = making = null;
  $("photo").value = form.photos.value = $("photo-said").textContent = "";
  $("photo-shown").hidden = true;
}
$("photo-shown").querySelector("button").addEventListener("click", forget);

// ── words kept on this phone until they are sent ─────────────────────────────────────────────────────────────────
const kept = localStorage.getItem(DRAFT);
if (kept && !form.text.value) {
  form.text.value = kept;
  tell(say.draftKept, "notice");
}
form.text.addEventListener("input", () => localStorage.setItem(DRAFT, form.text.value));

// ── send ─────────────────────────────────────────────────────────────────────────────────────────────────────────
const box = self.HadirBox;
let sending = ""; // the report that this page waits for
let left = false; // … and has gone to look at

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => (b + 256).toString(16).slice(1)).join("");
}
// A page that comes from the browser's memory, or was kept for use without a line, brings an id that is used up.
if (!form.dataset.again) form.command_id.value = newId();
addEventListener("pageshow", (event) => event.persisted && ready(newId()));

function ready(id) {
  sending = "";
  left = false;
  form.command_id.value = id;
  $("kirim").disabled = false;
  $("kirim").textContent = say.label;
}
say.label = $("kirim").textContent;

function tell(text, kind) {
  const p = Object.assign(document.createElement("p"), { className: kind, textContent: text });
  $("pesan").textContent = "";
  $("pesan").append(p);
}

function mark(problems) {
  form.querySelectorAll(".wrong").forEach((w) => w.remove());
  form.querySelectorAll("[data-wrong]").forEach((f) => f.removeAttribute("data-wrong"));
  for (const { field, says } of problems) {
    const at = { place: $("tempat"), rtrw: $("tempat"), photo: $("photo") }[field] || form.elements[field];
    const around = at.closest(".field");
    around.dataset.wrong = "";
    const line = Object.assign(document.createElement("span"), { className: "wrong", textContent: says });
    (around.querySelector("legend, h1, label") || at).after(line);
  }
  const first = form.querySelector("[data-wrong]");
  if (!first) return;
  if (first.matches("details")) first.open = true;
  first.scrollIntoView({ block: "center" });
  const wrong = first.querySelector("textarea, select, input:not([type=file])");
  if (wrong) wrong.focus({ preventScroll: true });
}

/** What the server would send back at once: better said before the report is kept for hours. */
function missing() {
  const words = form.text.value.trim();
  const told = form.area.value || form.words.value.trim() || form.lat.value || said.same;
  if (!words && !photo && !said.voice && !said.same && !form.photos.value) return { field: "text", says: say.textEmpty };
  const spoken = ` ${words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  const named = Array.from(names).some(([code, name]) => code.length > 1 && spoken.includes(` ${name.toLowerCase()} `));
  return told || named ? null : { field: "place", says: say.placeEmpty };
}

function collected() {
  const fields = {};
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && value && !(name in fields)) fields[name] = value;
  });
  fields.same = said.same || "lain";
  fields.said_at = String(Date.now());
  return fields;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = $("kirim");
  if (button.disabled) return;
  button.disabled = true;
  button.textContent = say.sending;
  await making;
  if (said.stop) await said.stop();
  const wrong = missing();
  if (wrong) {
    ready(form.command_id.value);
    tell(say.wrong, "notice notice-danger");
    return mark([wrong]);
  }
  const fields = collected();
  sending = fields.command_id;
  $("pesan").textContent = "";
  await box.put({ id: sending, at: Date.now(), fields, photo, voice: said.voice, photoId: "", url: "" });
  localStorage.removeItem(DRAFT);
  box.go();
  box.keepPage(true);
});

/** The report is safe on this phone: the form is free for another one. */
function emptied() {
  form.reset();
  forget();
  said.same = "";
  document.dispatchEvent(new Event("hadir:emptied"));
  for (const name of ["lat", "lon", "accuracy_m", "how", "photos"]) form[name].value = "";
  svg.querySelector(".pin").setAttribute("cx", -20);
  $("near").hidden = true;
  $("gps-said").textContent = "";
  paint("");
  $("jenis").open = false;
  ready(newId());
}

// ── what is on this phone ────────────────────────────────────────────────────────────────────────────────────────
const far = new Map(); // id → how much of its photo has gone, 0..1

function made(tag, options, ...children) {
  const element = Object.assign(document.createElement(tag), options);
  element.append(...children);
  return element;
}

function card(report) {
  const what = report.fields.text || (report.voice || report.fields.voice ? say.voiceWord : say.photoWord);
  const share = Math.round((far.get(report.id) || 0) * 100);
  const state = report.lost ? say.photoLost : report.url ? (report.photo ? say.photoFollows.replace("{n}", share) : say.wordsIn) : say.kept;
  const lines = [made("strong", { textContent: what.slice(0, 80) }), made("span", { className: "hint", textContent: state })];
  const page = report.page || report.url; // what was said later is put right on its report's page
  if (page) lines.push(made("a", { className: "button", href: page, textContent: say.open }));
  if (report.problem && !report.page) {
    lines[1].textContent = report.problem.says || say.wrong;
    const mend = made("button", { className: "button", type: "button", textContent: say.mend });
    mend.addEventListener("click", () => back(report));
    lines.push(mend);
  }
  if (!report.url) {
    const drop = made("button", { className: "button", type: "button", textContent: say.drop });
    drop.addEventListener("click", () => dropped(report));
    lines.push(drop);
  }
  return framed(report, lines);
}

function framed(report, lines) {
  const element = made("div", { className: "card kept" }, ...lines);
  element.dataset.id = report.id;
  return element;
}

/** Discarded, and one press from being back as long as this page is open. */
let regret = null;
async function dropped(report) {
  await box.remove(report.id);
  regret = framed(report, [made("span", { className: "hint", textContent: say.dropped })]);
  const undo = made("button", { className: "button", type: "button", textContent: say.undo });
  undo.addEventListener("click", async () => {
    regret = null;
    await box.put(report);
    box.go();
  });
  regret.append(undo);
  shown();
}

async function shown() {
  const kept = await box.all();
  const mine = kept.find((report) => report.id === sending);
  if (mine && mine.url && !mine.photo) leave(mine.url); // also when another page has sent it
  const reports = kept.filter((report) => report !== mine);
  const list = $("kotak");
  list.hidden = !reports.length && !regret;
  const cards = reports.map(card);
  if (regret) cards.unshift(regret);
  if (reports.some((report) => !report.url && !report.problem)) cards.push(made("p", { className: "hint", textContent: say.keptOne }));
  box.draw(list, cards);
}

/** A refused report comes back into the form, with its photo and its recording. */
async function back(report) {
  await box.remove(report.id);
  for (const [name, value] of Object.entries(report.fields)) {
    const field = form.elements[name];
    if (field && "value" in field && field.type !== "file" && field.type !== "checkbox") field.value = value;
  }
  photo = report.photo;
  said.voice = report.voice;
  const told = report.problem || {};
  ready(told.command_id || newId());
  form.photos.value = told.photos || "";
  if ((told.problems || []).some((p) => p.field === "photo")) photo = null;
  tell(told.says || say.busy, "notice notice-danger");
  mark(told.problems || []);
}

/** Once: the words' arrival and the whole's both ask for it, and a second call would break off the first one's load. */
function leave(url) {
  if (!left) location.assign(url);
  left = true;
}

box.listen((report, share) => {
  if (!report || report.id !== sending) {
    if (report && share >= 0) far.set(report.id, share);
    return void shown();
  }
  if (report.done) return leave(report.url);
  if (report.problem) return void back(report);
  if (share === -1 && !report.url) {
    emptied();
    return void shown().then(() => $("kotak").scrollIntoView({ block: "center" }));
  }
  if (report.url) {
    tell(report.lost ? say.photoLost : say.wordsIn, "notice notice-ok");
    $("kirim").textContent = say.photoFollows.replace("{n}", Math.round((share || 0) * 100));
    if (!report.photo) leave(report.url);
  }
});
shown();

// ── «saya juga» ──────────────────────────────────────────────────────────────────────────────────────────────────
$("sekitar").addEventListener("click", async (event) => {
  const button = event.target.closest("button[name=incident]");
  if (!button) return;
  event.preventDefault();
  button.disabled = true;
  const body = new URLSearchParams({ incident: button.value });
  try {
    const answer = await fetch("/juga", { method: "POST", body, headers: { accept: "application/json" } });
    const told = await answer.json();
    if (!told.url) return tell(told.says, "notice notice-warn");
    button.textContent = `✓ ${button.dataset.done}`;
    button.after(made("a", { className: "button", href: told.url, textContent: say.open }));
  } catch (error) {
    button.disabled = false;
    tell(say.signal, "notice notice-warn");
  }
});

// ── what comes after the form is there ───────────────────────────────────────────────────────────────────────────
function later() {
  import(say.helps).then((helps) => helps.start({ form, say, said, placeAt, choose, pick })).catch(() => 0);
  if (self.MediaRecorder && navigator.mediaDevices && crypto.subtle) {
    $("suara").hidden = false;
    $("rekam").addEventListener("click", () => import(say.voice).then((voice) => voice.start({ said })), { once: true });
  }
  import(say.shrink).catch(() => 0);
  setTimeout(box.keepPage, 8000);
}
if (document.readyState === "complete") later();
else addEventListener("load", later);
