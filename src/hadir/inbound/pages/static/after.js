// What the reporter says later: kept on this phone (box.js) before it leaves, shown as kept, sent by itself, once.
// Photos are made smaller while he writes. Without this script the same forms go as they are. No «?.», no «??»: old phones.
const box = self.HadirBox;
const list = document.getElementById("kotak");
const say = list.dataset;
const more = document.querySelector("#susulan form");
const page = location.pathname;
const DRAFT = `hadir:draft:${page}`;
const MOST = 4; // photos at a time, as the server takes them
const shrink = import(say.shrink).catch(() => null); // now: when it is needed the line may be gone
const ready = new WeakMap(); // form → its photos, being made smaller
const far = new Map(); // id → how much of the photo under way has gone, 0..1
const arrived = new Map(); // id → where its thanks stand
let regret = null; // what was discarded last, as long as this page is open

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => (b + 256).toString(16).slice(1)).join("");
}
// A page from the browser's memory brings an id that is used up. The other forms' ids are made of what they answer.
if (more) more.command_id.value = newId();
addEventListener("pageshow", (event) => event.persisted && more && (more.command_id.value = newId()));

function made(tag, options, ...children) {
  const element = Object.assign(document.createElement(tag), options);
  element.append(...children);
  return element;
}

function press(label, then) {
  const button = made("button", { className: "button", type: "button", textContent: label });
  button.addEventListener("click", then);
  return button;
}

function told(form, text) {
  const line = form.querySelector("[data-said]");
  if (line) line.textContent = text;
}

// ── photos, and words half written ───────────────────────────────────────────────────────────────────────────────
async function smaller(file) {
  try {
    const blob = await (await shrink).smaller(file, document.createElement("canvas"));
    return blob && blob.size < file.size ? blob : file;
  } catch (error) {
    return file; // it cannot be drawn here: the server decides
  }
}

function chosen(form, files) {
  const work = Promise.all(files.slice(0, MOST).map(smaller));
  ready.set(form, work);
  return work.then((photos) => {
    const kb = Math.ceil(photos.reduce((sum, photo) => sum + photo.size, 0) / 1024);
    told(form, photos.length ? say.ready.replace("{n}", photos.length).replace("{kb}", kb) : "");
  });
}

// Delegated: the upper part of the page is replaced when there is news.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && form.matches("form[data-after]") && event.target.type === "file") chosen(form, Array.from(event.target.files));
});

if (more) {
  const kept = localStorage.getItem(DRAFT);
  if (kept && !more.text.value) {
    more.text.value = kept;
    told(more, say.draft);
  }
  more.text.addEventListener("input", () => localStorage.setItem(DRAFT, more.text.value));
}

// ── a press ──────────────────────────────────────────────────────────────────────────────────────────────────────
function fieldsOf(form, button) {
  const fields = {};
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && value) fields[name] = value;
  });
  if (button && button.name) fields[button.name] = button.value;
  return fields;
}

/** The form is free for the next; what it held is in the box. */
function emptied(form) {
  form.reset();
  ready.delete(form);
  told(form, "");
  if (form !== more) return;
  localStorage.removeItem(DRAFT);
  form.text.value = form.photos.value = "";
  form.command_id.value = newId();
}

let pressed = null; // older Safaris neither tell who submitted nor focus what was pressed
document.addEventListener("click", (event) => (pressed = event.target.closest("button")));

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-after]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const button = pressed && pressed.form === form ? pressed : form.querySelector("button");
  const label = button.textContent;
  const fields = fieldsOf(form, button);
  button.textContent = say.sending;
  const photos = (await ready.get(form)) || [];
  const id = `${page.slice(-12)}-${fields.command_id}`;
  await box.put({ id, at: Date.now(), to: new URL(form.action).pathname, page, label, fields, photos });
  emptied(form);
  void box.keepPage(true);
  await box.go();
  delete form.dataset.busy;
  button.textContent = label;
  await after(id);
});

/** replace(): the back button must not lead to a form that has been sent. */
async function after(id) {
  const left = (await box.all()).find((said) => said.id === id);
  if (!left) return location.replace(arrived.get(id) || page);
  if (left.problem && more) return back(left);
  list.scrollIntoView({ block: "center" });
}

/** What the server would not take comes back into the form, with its words and the photos that have not gone. */
async function back(said) {
  await box.remove(said.id);
  more.text.value = said.fields.text || "";
  more.photos.value = said.fields.photos || "";
  more.command_id.value = newId();
  await chosen(more, said.photos);
  told(more, refusal(said));
  more.text.focus();
}

const refusal = (said) => say.refused.replace("{why}", said.problem.says || said.problem.detail || say.gone);

// ── what is on this phone ────────────────────────────────────────────────────────────────────────────────────────
function card(said) {
  const photos = said.photos.length + (said.fields.photos || "").split(" ").filter(Boolean).length;
  const what = said.fields.text || (photos ? say.photos.replace("{n}", photos) : said.label);
  const share = Math.round((far.get(said.id) || 0) * 100);
  const state = said.problem ? refusal(said) : share ? say.going.replace("{n}", share) : say.kept;
  const parts = [made("strong", { textContent: what.slice(0, 80) }), made("span", { className: "hint", textContent: state })];
  if (said.problem && more) parts.push(press(say.mend, () => back(said)));
  parts.push(press(say.drop, () => dropped(said)));
  return framed(said, parts);
}

function framed(said, parts) {
  const element = made("div", { className: "card kept" }, ...parts);
  element.dataset.id = said.id;
  return element;
}

async function dropped(said) {
  await box.remove(said.id);
  const undo = press(say.undo, async () => {
    regret = null;
    await box.put(said);
    await box.go();
  });
  regret = framed(said, [made("span", { className: "hint", textContent: say.dropped }), undo]);
  await shown();
}

/** Whoever sees this page has its address: `/` need not keep it any longer. */
async function seen() {
  for (const { id, to, url, photo } of await box.all()) {
    if (url && !to && !photo && new URL(url, location.href).pathname === page) await box.remove(id);
  }
}

async function shown() {
  const waiting = (await box.all()).filter((said) => said.page === page);
  const cards = waiting.map(card);
  if (regret) cards.unshift(regret);
  if (waiting.some((said) => !said.problem)) cards.push(made("p", { className: "hint", textContent: say.keptOne }));
  box.draw(list, cards);
  list.hidden = !waiting.length && !regret;
}

/** Sent by itself, while somebody may be writing: nothing is moved under his thumb. */
function landed(said) {
  arrived.set(said.id, said.url);
  const busy = document.querySelector("form[data-busy]");
  const writing = Array.from(document.querySelectorAll("textarea, input[type=file]")).some((field) => field.value);
  if (busy) return;
  if (!writing) return location.replace(said.url);
  regret = made("p", { className: "notice notice-ok", textContent: say.in });
  void shown();
}

box.listen((said, share) => {
  if (said && said.page === page) {
    if (share >= 0) far.set(said.id, share);
    if (said.done && share === 1) return landed(said);
  }
  void shown();
});
seen().then(shown);
