"use strict";
/* Shows what a push message says; the words are sealed for this browser alone (RFC 8291). */
self.addEventListener("push", (event) => {
  if (!event.data) return;
  const { title, text, key, language } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body: text, tag: key, lang: language }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/account"));
});
