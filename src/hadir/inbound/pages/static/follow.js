// «Kabari saya»: this browser subscribes to pushes, and the point for «di sekitar saya». Without this script the area,
// e-mail and the feed are there all the same.
const WORKER = "/sekitar/sw.js";
const SCOPE = "/sekitar/";

// ── around where I am ────────────────────────────────────────────────────────────────────────────────────────────
const point = document.getElementById("titik");
if (point && navigator.geolocation) {
  const say = document.getElementById("pilih").dataset;
  const line = document.getElementById("di-sini-kata");
  point.hidden = false;
  document.getElementById("di-sini").addEventListener("click", () => {
    line.textContent = say.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        // Three digits are about a hundred metres: more is never sent.
        point.lat.value = coords.latitude.toFixed(3);
        point.lon.value = coords.longitude.toFixed(3);
        point.submit();
      },
      () => (line.textContent = say.no),
      { enableHighAccuracy: false, timeout: 10000, maximumAge: 600000 },
    );
  });
  point.addEventListener("change", () => point.lat.value && point.submit());
}
document.getElementById("area")?.addEventListener("change", (event) => event.target.value && event.target.form.submit());

// ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────
const box = document.querySelector("#kabari .push");
const can = box && "serviceWorker" in navigator && "PushManager" in window;
const apple = /iPhone|iPad/.test(navigator.userAgent) && !("PushManager" in window);

function bytes(base64url) {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/** The registration, when its worker runs: only then may it subscribe. */
async function worker() {
  const found = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  const starting = found.installing ?? found.waiting;
  if (!found.active && starting) await new Promise((done) => starting.addEventListener("statechange", () => starting.state === "activated" && done()));
  return found;
}

async function subscribe(line) {
  if ((await Notification.requestPermission()) !== "granted") {
    line.textContent = box.dataset.no;
    return;
  }
  const found = await worker();
  const key = bytes(box.dataset.key);
  const made = await found.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = made.toJSON();
  const { area = "", lat = "", lon = "", radius = "", report = "" } = document.getElementById("kabari").dataset;
  const answer = await fetch("/sekitar/push", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ endpoint, ...keys, area, lat, lon, radius, report }),
  });
  const told = await answer.json();
  line.textContent = told.secret ? box.dataset.on : told.says;
}

// On a report's page, where no letter can be sent either, nothing is offered that this browser cannot do.
if (can || (box && apple)) document.getElementById("kabari").hidden = false;
if (can) {
  box.hidden = false;
  const line = box.querySelector("[role=status]");
  const button = box.querySelector("button");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await subscribe(line);
    } catch {
      line.textContent = box.dataset.failed;
    }
    button.disabled = false;
  });
} else if (box && apple) {
  box.hidden = false;
  box.querySelector("button").hidden = true;
  box.querySelector("[role=status]").textContent = box.dataset.home;
}
