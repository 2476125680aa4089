// The citizens' page without a line: the page itself, asked for anew at every visit and taken from here when nothing
// answers, and its files, whose names hold their digests. Nothing else is touched: staff pages have a worker of their own.
const CACHE = `hadir-warga-${VERSION}`;
const PAGE = "/";
const PATIENCE = 4000; // ms without an answer; a slow one is still put by for the next time

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await renew(cache, await fetch(PAGE, { credentials: "same-origin" }));
}

async function renew(cache, answer) {
  if (answer.ok && !answer.redirected) await cache.put(PAGE, answer);
}

async function clean() {
  for (const name of await caches.keys()) {
    if (name.startsWith("hadir-warga-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function page(event) {
  const cache = await caches.open(CACHE);
  const asked = fetch(event.request).then(async (answer) => {
    if (!new URL(event.request.url).search) await renew(cache, answer.clone());
    return answer;
  });
  event.waitUntil(asked.catch(() => null));
  const kept = await cache.match(PAGE);
  if (!kept) return asked;
  const tired = new Promise((done) => setTimeout(() => done(kept), PATIENCE));
  return Promise.race([asked.catch(() => kept), tired]);
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clean()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(event));
  else if (url.pathname.startsWith("/aset/")) event.respondWith(file(event.request));
});
// Chrome on Android calls when the line is back, also when the page is closed.
self.addEventListener("sync", (event) => {
  event.waitUntil(
    self.HadirBox.flush().then((stuck) => {
      if (stuck) throw stuck;
    }),
  );
});
