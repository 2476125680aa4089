// The service worker that rings for citizens. Its scope is /sekitar/ only: the page's own worker and the staff's stay as
// they are. It shows what it is told and opens the page that is named; it keeps nothing and fetches nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  event.waitUntil(
    self.registration.showNotification(told.title ?? "Hadir", {
      body: told.body,
      tag: told.id,
      data: told.url,
      silent: false,
      requireInteraction: Boolean(told.loud),
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // Only a page of ours, whatever the message says.
  const url = new URL(event.notification.data ?? "/sekitar", self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(self.clients.openWindow(url.href));
});
