// The report form, quicker: GPS, a tap on the map, a smaller photo, sending without leaving the page.
// Without this file the form is sent as it is; nothing here is needed to report.
const form = document.getElementById("lapor");
const $ = (id) => document.getElementById(id);
const say = form.dataset;
const svg = form.querySelector("svg.city");
const geo = { west: +svg.dataset.west, north: +svg.dataset.north, kx: +svg.dataset.kx, ky: +svg.dataset.ky };
const paths = [...svg.querySelectorAll("path.area")];
const DRAFT = "hadir:draft";
const LONGEST_SIDE = 1600; // pixels; what the server keeps for showing
let photo = null; // the smaller picture, once it is made

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
async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = $("photo-shown").querySelector("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
}

$("photo").addEventListener("change", async () => {
  const file = $("photo").files[0];
  photo = null;
  if (!file) return forget();
  try {
    photo = await smaller(file);
    if (photo.size > file.size) photo = file;
    $("photo-shown").hidden = false;
  } catch {
    photo = file; // the browser cannot draw it; the server decides
  }
  form.photos.value = "";
  $("photo-label").textContent = say.photoOther;
  $("photo-said").textContent = say.photoReady.replace("{kb}", Math.ceil(photo.size / 1024));
});

function forget() {
  photo = null;
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
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}
// A page that comes back from the browser's memory was sent already: its id is used up.
addEventListener("pageshow", (event) => event.persisted && ready(newId()));

function ready(id) {
  form.command_id.value = id;
  $("kirim").disabled = false;
  $("kirim").textContent = form.dataset.label;
}
say.label = $("kirim").textContent;

function tell(text, kind) {
  const p = Object.assign(document.createElement("p"), { className: kind, textContent: text });
  $("pesan").replaceChildren(p);
}

function mark(problems) {
  form.querySelectorAll(".wrong").forEach((w) => w.remove());
  form.querySelectorAll("[data-wrong]").forEach((f) => f.removeAttribute("data-wrong"));
  for (const { field, says } of problems) {
    const at = { place: $("tempat"), rtrw: $("tempat"), photo: $("photo") }[field] ?? form.elements[field];
    const box = at.closest(".field");
    box.dataset.wrong = "";
    const line = Object.assign(document.createElement("span"), { className: "wrong", textContent: says });
    (box.querySelector("legend, h1, label") ?? at).after(line);
  }
  const first = form.querySelector("[data-wrong]");
  first?.scrollIntoView({ block: "center" });
  first?.querySelector("textarea, select, input:not([type=file])")?.focus({ preventScroll: true });
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The same id goes with every try, so that a report that arrived unseen is not made twice. */
async function deliver() {
  for (let tries = 0; ; tries++) {
    const body = new FormData(form);
    if (photo) body.set("photo", photo, "foto.jpg");
    try {
      const answer = await fetch("/lapor", { method: "POST", body, headers: { accept: "application/json" } });
      if (answer.status < 500 && answer.status !== 429) return answer;
      tell(say.busy, "notice notice-warn");
    } catch {
      tell(say.signal, "notice notice-warn");
    }
    await pause(Math.random() * Math.min(30000, 1000 * 2 ** tries) + 500);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = $("kirim");
  if (button.disabled) return;
  button.disabled = true;
  button.textContent = say.sending;
  const answer = await deliver();
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) {
    localStorage.removeItem(DRAFT);
    button.textContent = say.sent;
    location.assign(told.url);
    return;
  }
  ready(told?.command_id ?? newId());
  if (told?.photos) form.photos.value = told.photos;
  if (told?.problems?.some((p) => p.field === "photo")) photo = null;
  tell(told?.says ?? say.busy, "notice notice-danger");
  mark(told?.problems ?? []);
});

// ── «saya juga» ──────────────────────────────────────────────────────────────────────────────────────────────────
$("juga").addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button) return;
  event.preventDefault();
  button.disabled = true;
  const body = new FormData($("juga"));
  body.set("incident", button.value);
  try {
    const answer = await fetch("/juga", { method: "POST", body, headers: { accept: "application/json" } });
    const told = await answer.json();
    button.textContent = told.counted ? `✓ ${button.dataset.done}` : button.textContent;
    if (!told.counted) tell(told.says, "notice notice-warn");
  } catch {
    button.disabled = false;
    tell(say.signal, "notice notice-warn");
  }
});
