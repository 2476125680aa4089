// The public map: its links and its form fetch the drawn part anew instead of the page; the public stream wakes it.
// Whatever the script does, an address does too.
const box = document.getElementById("kabar");
const line = document.getElementById("data-per");
const form = document.getElementById("saring");
const chosen = document.getElementById("dipilih");
const { live, stale, zone, stream } = box.dataset;
const EVERY = 30_000; // ms; «nothing changed» is about 200 bytes
const OLD = 90_000; // ms after which the age becomes a warning
let tag = "";
let heard = Date.now();
let shown = line.firstChild.textContent.trim().match(/[\d.:]+/)?.[0] ?? "";
let again = 0;
let asking = 0;

const clock = (date) => date.toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: zone });
const within = () => "/peta/kabar" + location.search;

/** Fetch the part of the present address; `focus`: which key stays under the thumb. */
async function ask(focus) {
  if (document.hidden) return;
  const mine = ++asking;
  try {
    const answer = await fetch(within(), { headers: tag ? { "if-none-match": tag } : {}, cache: "no-store" });
    if (mine !== asking) return;
    if (answer.status === 200) {
      const body = await answer.text();
      if (mine !== asking) return;
      tag = answer.headers.get("etag") ?? "";
      show(body, focus);
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

/** Put the part in; whoever stood on one of its links stands on the same one afterwards. */
function show(body, focus) {
  const had = box.contains(document.activeElement) ? document.activeElement : null;
  const href = had?.getAttribute("href");
  box.innerHTML = body;
  const next = focus ? box.querySelector(`[data-key="${focus}"]`) ?? box.querySelector(".public-map a") : null;
  const same = href ? [...box.querySelectorAll("a")].find((link) => link.getAttribute("href") === href) : null;
  (next ?? same)?.focus({ preventScroll: true });
}

function age() {
  const old = Date.now() - heard > OLD;
  line.classList.toggle("stale", old);
  line.firstChild.textContent = (old ? stale.replace("{time}", shown) : live + shown) + " · ";
}

function go(href, focus) {
  history.pushState(null, "", new URL(href, location.href));
  tag = "";
  keep();
  return ask(focus);
}

/** The form says and sends the view that is shown. */
function keep() {
  const now = new URLSearchParams(location.search);
  const choices = [...form.querySelectorAll("select")];
  for (const choice of choices) choice.value = now.get(choice.name) ?? choice.dataset.usual ?? "";
  chosen.textContent = choices.flatMap(({ value, selectedOptions: [option] }) => (value ? option.text : [])).join(" · ");
  for (const name of ["zoom", "lat", "lon"]) {
    form.querySelector(`input[name=${name}]`)?.remove();
    if (now.get(name)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: now.get(name) }));
  }
}

box.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-map]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const href = link.getAttribute("href");
  go(href, link.dataset.key ?? (link.classList.contains("cluster") ? "out" : null)).then(() => {
    if (href.endsWith("#daftar")) document.getElementById("daftar")?.scrollIntoView();
  });
});

const send = () => {
  const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  go("/peta?" + said);
};
form.addEventListener("change", send);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
addEventListener("popstate", () => {
  tag = "";
  keep();
  ask();
});

/** Facts of the public stream wake us; a pause by chance keeps ten thousand phones from asking in the same second. */
function soon() {
  clearTimeout(again);
  again = setTimeout(() => ask(), 300 + Math.random() * 1500);
}

if (window.EventSource) {
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

document.addEventListener("visibilitychange", () => ask());
setInterval(() => ask(), EVERY);
setInterval(age, 5000);
