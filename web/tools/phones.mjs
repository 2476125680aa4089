/**
 * Many phones in one process, for the benchmarks: `node tools/phones.mjs < plan.json`.
 *
 * The outbox is the application's own, over an IndexedDB in memory. plan: {url, officers: [{account, token, signal_after,
 * jobs}]}; `signal_after`: so many presses are made before the first request may leave. Says {account: {outcomes,
 * refused}} when all have answered.
 */
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { openOffice } from "../src/offline/office.ts";
import { drained, press } from "./play.mjs";

const plan = JSON.parse(readFileSync(0, "utf8"));
const officers = new Map(plan.officers.map((o) => [o.account, o]));
const silent = new Set(plan.officers.filter((o) => o.signal_after).map((o) => o.account));
const plain = globalThis.fetch;

globalThis.fetch = (path, init) => {
  const account = init.headers["x-hadir-account"];
  if (silent.has(account)) return Promise.reject(new TypeError("no signal"));
  const headers = { ...init.headers, authorization: `Bearer ${officers.get(account).token}` };
  return plain(plan.url + path, { ...init, headers });
};

async function phone({ account, jobs, signal_after = 0 }) {
  const outcomes = {};
  const office = await openOffice(account, { changed: () => {}, answered: (entry, outcome) => (outcomes[entry.id] = outcome), line: () => {} });
  await press(office, jobs.slice(0, signal_after));
  silent.delete(account);
  office.courier.kick();
  await press(office, jobs.slice(signal_after));
  const refused = await drained(office);
  return [account, { outcomes, refused: refused.map((e) => [e.id, e.refusal]) }];
}

const all = await Promise.all(plan.officers.map(phone));
process.stdout.write(JSON.stringify(Object.fromEntries(all)), () => process.exit(0));
