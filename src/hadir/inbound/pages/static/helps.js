// Help while the form is filled: the kind, the place by its name, what goes on near by. Never in the way: what does not
// answer is not missed, and nothing here is stored by the server.
const ASK_AFTER = 700; // ms without a key
const FEWEST = 8; // letters that say something
const FOUND_MOST = 6;
const $ = (id) => document.getElementById(id);

export function start(page) {
  kinds(page);
  places(page);
  nearby(page);
}

/** `work`, once the last call is `ms` ago. */
function calm(work, ms) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}

// ── the kind ─────────────────────────────────────────────────────────────────────────────────────────────────────────
function kinds({ form, said, pick }) {
  const line = $("saran");
  const select = $("kind");
  let asked = "";

  async function ask() {
    const text = form.text.value.trim();
    if (text.length < FEWEST || text === asked) return;
    asked = text;
    const body = new URLSearchParams({ text });
    const answer = await fetch("/saran", { method: "POST", body }).catch(() => null);
    if (!answer || answer.status !== 200 || text !== form.text.value.trim()) return;
    const told = await answer.json().catch(() => null);
    if (!told) return;
    said.suggested = told.kind;
    // A kelurahan that the words name need not be chosen again; a place that was told stays.
    if (told.area && !form.area.value && !form.lat.value) pick(told.area);
    show(told.kinds);
    document.dispatchEvent(new Event("hadir:kind"));
  }

  function show(found) {
    line.hidden = !found.length || Boolean(select.value && !found.some((k) => k.kind === select.value));
    const chips = line.querySelector(".chips");
    chips.textContent = "";
    found.forEach(({ kind, name }, i) => {
      const chip = Object.assign(document.createElement("button"), { type: "button", className: "button chip", textContent: name });
      const on = select.value ? select.value === kind : i === 0;
      chip.setAttribute("aria-pressed", String(on));
      chip.addEventListener("click", () => {
        select.value = kind;
        show(found);
        document.dispatchEvent(new Event("hadir:kind"));
      });
      chips.append(chip);
    });
  }

  form.text.addEventListener("input", calm(ask, ASK_AFTER));
  select.addEventListener("change", () => {
    line.hidden = Boolean(select.value);
    document.dispatchEvent(new Event("hadir:kind"));
  });
  document.addEventListener("hadir:emptied", () => {
    line.hidden = true;
    asked = "";
  });
  ask();
}

// ── the place by its name ────────────────────────────────────────────────────────────────────────────────────────────
function places({ form, say, placeAt, choose, pick }) {
  const input = $("words");
  const list = $("temuan");
  let names = null;
  let asking = null;
  let at = -1;

  const plain = (text) => text.toLowerCase().replace(/\bjl[.n]?\s|\bjln\.?\s/g, "jalan ").replace(/[^a-z0-9 ]/g, "").trim();

  /** The pack's names, asked for when somebody begins to look for one. Once: a second answer would lose the chosen line. */
  function load() {
    if (!asking) asking = ask().catch(() => null).then(() => void (names || (asking = null)));
    return asking;
  }

  async function ask() {
    const answer = await fetch(say.places);
    if (!answer.ok) return;
    const { areas, marks } = await answer.json();
    names = areas.map(([name, code, district]) => ({ name, beside: district, keys: [plain(name)], areas: [code], area: true }));
    marks.forEach(([name, also, codes, lat, lon]) => names.push({ name, beside: "", keys: [name].concat(also).map(plain), areas: codes, lat, lon }));
  }

  function matching(text) {
    const wanted = plain(text);
    if (wanted.length < 2 || !names) return [];
    const place = (n) => Math.min.apply(null, n.keys.map((k) => (k.startsWith(wanted) ? 0 : ` ${k}`.includes(` ${wanted}`) ? 1 : 9)));
    return names.map((n) => [place(n), n]).filter(([p]) => p < 9).sort((a, b) => a[0] - b[0]).slice(0, FOUND_MOST).map(([, n]) => n);
  }

  function show() {
    const found = matching(input.value);
    at = -1;
    list.textContent = "";
    found.forEach((n, i) => {
      const option = document.createElement("li");
      option.id = `temuan-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(n.name);
      if (n.beside) option.append(Object.assign(document.createElement("span"), { className: "hint", textContent: ` ${n.beside}` }));
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => take(n));
      list.append(option);
    });
    opened(found.length > 0);
  }

  function opened(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) input.removeAttribute("aria-activedescendant");
  }

  function take(n) {
    opened(false);
    if (n.area) input.value = "";
    else input.value = n.name;
    if (n.lat !== undefined && n.lat !== null) placeAt(n.lat, n.lon, "tap");
    else if (n.areas.length === 1) pick(n.areas[0]);
    else if (n.areas.length > 1) choose(n.areas.slice(0, 6));
    document.dispatchEvent(new Event("hadir:place"));
  }

  function move(by) {
    const options = Array.from(list.children);
    at = (at + by + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", options[at].id);
  }

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", "temuan");
  input.setAttribute("aria-autocomplete", "list");
  opened(false);
  input.addEventListener("focus", () => load().then(show), { once: true });
  input.addEventListener("input", () => load().then(show));
  input.addEventListener("blur", () => opened(false));
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      list.children[at].click();
    } else if (event.key === "Escape") opened(false);
  });
  $("area").addEventListener("change", () => document.dispatchEvent(new Event("hadir:place")));
}

// ── what goes on near by ─────────────────────────────────────────────────────────────────────────────────────────────
function nearby({ form, said }) {
  const box = $("sekitar");
  const first = box.innerHTML;
  let asked = "";

  async function ask() {
    const area = /^[?-]?$/.test(form.area.value) ? "" : form.area.value;
    if (!area && !form.lat.value) return;
    const query = new URLSearchParams({ area, lat: form.lat.value, lon: form.lon.value, kind: $("kind").value || said.suggested || "" });
    if (String(query) === asked) return;
    asked = String(query);
    const answer = await fetch(`/dekat?${query}`).catch(() => null);
    if (!answer || String(query) !== asked) return;
    const html = answer.status === 200 ? await answer.text().catch(() => "") : "";
    if (!said.same) box.innerHTML = html || first;
  }

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-same]");
    if (!button) return;
    const on = said.same !== button.dataset.same;
    said.same = on ? button.dataset.same : "";
    box.querySelectorAll("button[data-same]").forEach((b) => b.setAttribute("aria-pressed", String(on && b === button)));
    if (on) form.requestSubmit ? form.requestSubmit() : $("kirim").click();
  });
  const soon = calm(ask, 400);
  document.addEventListener("hadir:place", soon);
  document.addEventListener("hadir:kind", soon);
  document.addEventListener("hadir:emptied", () => {
    asked = "";
    box.innerHTML = first;
  });
  ask();
}
