// Shows /api/openapi.json: every operation, its body's fields, its answers. Text goes in as text, never as HTML.
const spec = await (await fetch("/api/openapi.json")).json();

function make(tag, text = "", ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

/** What stands between backticks is code. */
const prose = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", part) : part));

const named = (ref) => spec.components.schemas[ref.split("/").pop()];
const open = (schema) => (schema.$ref ? named(schema.$ref) : schema);

function type(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(type).join(" | ");
  if (schema.type === "array") return `${schema.items ? type(schema.items) : "any"}[]`;
  return schema.const !== undefined ? JSON.stringify(schema.const) : (schema.format ?? schema.type ?? "any");
}

function limits(schema) {
  const kinds = schema.anyOf ?? [schema];
  const keys = ["minimum", "maximum", "minLength", "maxLength", "maxItems", "pattern"];
  return kinds.flatMap((kind) => keys.filter((key) => key in kind).map((key) => `${key} ${kind[key]}`)).join(", ");
}

function fields(schema) {
  const whole = open(schema);
  const body = make("tbody");
  for (const [name, field] of Object.entries(whole.properties ?? {})) {
    const must = whole.required?.includes(name) ? "required" : "";
    const words = [must, limits(field), field.description ?? ""].filter(Boolean).join(" · ");
    body.append(make("tr", "", make("td", "", make("code", name)), make("td", type(field)), make("td", words)));
    const inner = field.$ref ?? field.anyOf?.find((kind) => kind.$ref)?.$ref;
    for (const [key, below] of Object.entries(inner ? (named(inner).properties ?? {}) : {})) {
      const row = make("tr", "", make("td", "", make("code", `${name}.${key}`)), make("td", type(below)));
      body.append(row);
      row.append(make("td", limits(below)));
    }
  }
  return make("table", "", body);
}

function operation(method, path, op) {
  const summary = make("summary", "", make("span", method.toUpperCase()), make("code", path), make("span", op.summary));
  summary.firstChild.className = "method";
  const details = make("details", "", summary);
  details.dataset.text = `${method} ${path} ${op.summary}`.toLowerCase();
  if (op.description) details.append(make("p", "", ...prose(op.description)));
  for (const p of op.parameters ?? []) details.append(make("p", `${p.in} ${p.name}: ${p.description ?? ""}`));
  for (const [media, content] of Object.entries(op.requestBody?.content ?? {})) {
    details.append(make("h4", `Body, ${media}`), fields(content.schema));
  }
  for (const [status, answer] of Object.entries(op.responses)) {
    if (status >= "400") continue;
    for (const [media, content] of Object.entries(answer.content ?? {})) {
      details.append(make("h4", `${status}, ${media}`), fields(content.schema));
    }
  }
  const refusals = Object.keys(op.responses).filter((status) => status >= "400");
  details.append(make("p", `Refusals: ${refusals.join(", ")} (ProblemDocument)`));
  return details;
}

document.getElementById("title").textContent = spec.info.title;
document.getElementById("about").append(...prose(spec.info.description));
const main = document.getElementById("operations");
const groups = new Map();
for (const [path, methods] of Object.entries(spec.paths)) {
  for (const [method, op] of Object.entries(methods)) {
    const tag = op.tags?.[0] ?? "other";
    if (!groups.has(tag)) groups.set(tag, make("section", "", make("h2", tag)));
    groups.get(tag).append(operation(method, path, op));
  }
}
main.replaceChildren(...groups.values());
document.getElementById("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const each of main.querySelectorAll("details")) each.hidden = !each.dataset.text.includes(wanted);
});
