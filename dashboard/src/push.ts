/** Notifications of this browser: what it allows, and its subscription at the service of its maker. */
import type { PushWish } from './contract.ts'

/** Under what id the hub knows this browser. */
const KEY = 'vigie.push'
const FILE = '/sw.js'

export type PushKeys = Required<Omit<PushWish, 'name'>>
/** `blocked`: somebody said no, and only the browser's settings undo it. `failed`: the maker's service did not answer. */
export type Subscribed = PushKeys | 'blocked' | 'failed'

export const canPush = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis
export const isBlocked = (): boolean => canPush() && Notification.permission === 'denied'
export const ownBrowser = (): string | undefined => localStorage.getItem(KEY) ?? undefined
export const keepOwnBrowser = (id: string): void => localStorage.setItem(KEY, id)

/** Asks whoever sits there, then the maker's service. `key`: the hub's. */
export async function subscribe(key: string): Promise<Subscribed> {
  if ((await Notification.requestPermission()) !== 'granted') return 'blocked'
  await navigator.serviceWorker.register(FILE)
  const { pushManager } = await navigator.serviceWorker.ready
  // One of another hub's key, or of somebody who sat here before, would be refused or be theirs.
  await (await pushManager.getSubscription())?.unsubscribe()
  const made = await pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey: key })
    // Its ways to fail are the browsers' own; whoever sits there is told, and tries again.
    .catch(() => undefined)
  const { p256dh, auth } = made?.toJSON().keys ?? {}
  return made && p256dh && auth ? { endpoint: made.endpoint, p256dh, auth } : 'failed'
}
/** Nothing is shown here any more, whether the hub knows it yet or not: a service says that it is gone at the next message. */
export async function unsubscribe(): Promise<void> {
  localStorage.removeItem(KEY)
  if (!canPush()) return
  const worker = await navigator.serviceWorker.getRegistration(FILE)
  await (await worker?.pushManager.getSubscription())?.unsubscribe()
  await worker?.unregister()
}
