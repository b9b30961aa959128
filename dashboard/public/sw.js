/** Shows what the hub sends while no page is open. It keeps nothing, and answers no request: a page is always the hub's own. */
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()))

self.addEventListener('push', event => {
  const { title, body, tag, path, urgent } = event.data.json()
  const shown = { body, tag, data: { path }, renotify: true, requireInteraction: urgent, icon: '/favicon.svg' }
  event.waitUntil(self.registration.showNotification(title, shown))
})

self.addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(open(event.notification.data.path))
})

/** In a page of the dashboard that is open, else in a new one; never elsewhere than on this hub. */
async function open(path) {
  const url = new URL(path, self.location.origin)
  if (url.origin !== self.location.origin) return
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (!page) return self.clients.openWindow(url.href)
  const shown = await page.focus()
  // A page that the worker does not control yet cannot be led: it gets a new one beside it.
  await shown.navigate(url.href).catch(() => self.clients.openWindow(url.href))
}
