// News without a reload, for the tracking page and the public map. The server renders the part anew and answers
// «nothing changed» by its ETag. While the page is hidden nothing is asked; what is old says so.
const box = document.getElementById("kabar");
const line = document.getElementById("data-per");
const { url, live, stale, zone, stream } = box.dataset;
const EVERY = 10_000; // ms; one question is about 200 bytes when nothing changed
const OLD = 60_000; // ms after which the age becomes a warning
let tag = "";
let heard = Date.now();
let shown = line.firstChild.textContent.trim().replace(/[^\d.:]*$/, "").match(/[\d.:]+$/)?.[0] ?? "";
let again = 0;

const clock = (date) => date.toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: zone });

/** A question half written, a face or a photo chosen: nothing of it must be replaced under the thumb. */
const typing = () =>
  (box.contains(document.activeElement) && document.activeElement.matches("textarea")) ||
  [...box.querySelectorAll("textarea, input[type=file]")].some((field) => field.value) ||
  [...box.querySelectorAll("input[type=radio]")].some((field) => field.checked !== field.defaultChecked);

async function ask() {
  if (document.hidden || typing()) return;
  try {
    const answer = await fetch(url, { headers: tag ? { "if-none-match": tag } : {}, cache: "no-store" });
    if (answer.status === 200) {
      const body = await answer.text();
      if (typing()) return; // begun meanwhile
      tag = answer.headers.get("etag") ?? "";
      show(body);
    }
    if (answer.ok || answer.status === 304) {
      heard = Date.now();
      shown = clock(new Date(answer.headers.get("x-hadir-at") ?? heard));
    }
  } catch {
    // no signal: the age below tells it
  }
  age();
}

/** What was folded out stays so. */
function show(body) {
  const told = (summary) => summary.textContent;
  const open = new Set([...box.querySelectorAll("details[open] > summary")].map(told));
  box.innerHTML = body;
  for (const summary of box.querySelectorAll("details > summary")) summary.parentNode.open = open.has(told(summary));
}

function age() {
  const old = Date.now() - heard > OLD;
  line.classList.toggle("stale", old);
  line.firstChild.textContent = (old ? stale.replace("{time}", shown) : live + shown) + " · ";
}

/** Facts of the public stream wake us; a pause by chance keeps ten thousand phones from asking in the same second. */
function soon() {
  clearTimeout(again);
  again = setTimeout(ask, 300 + Math.random() * 1500);
}

if (stream && window.EventSource) {
  let source;
  const open = () => {
    source?.close();
    if (document.hidden) return;
    source = new EventSource(stream);
    source.addEventListener("fact", soon);
    source.addEventListener("resync", soon);
    // EventSource gives up for good on any answer but 200; come back after a while.
    source.onerror = () => source.readyState === EventSource.CLOSED && setTimeout(open, 5000 + Math.random() * 10000);
  };
  document.addEventListener("visibilitychange", open);
  open();
}

document.addEventListener("visibilitychange", ask);
setInterval(ask, stream ? EVERY * 3 : EVERY);
setInterval(age, 5000);

// Copying needs a secure page (HTTPS or this computer); elsewhere the address bar has to do.
const copy = document.getElementById("salin");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.origin + location.pathname);
    copy.textContent = copy.dataset.done;
  });
}
