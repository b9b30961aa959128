/**
 * Notifications in a browser, by the push service of its maker. What is sent is sealed for that browser; the service learns
 * that there was something, and when. Only services that are known, or listed in the settings, are ever asked.
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type BoundedFetch, boundedFetch } from '../bounded-fetch.ts'
import type { Outcome } from '../ports.ts'
import { type BrowserKeys, type SenderKeys, sealed, senderProof } from './push-crypt.ts'

/** Of Chrome and Edge, of Firefox, of Safari, of older Edge: a name that ends like this. */
const MAKERS = ['fcm.googleapis.com', 'push.services.mozilla.com', 'push.apple.com', 'notify.windows.com'] as const
const TIMEOUT_MS = 15_000
/** An alert that is older than this is no news. */
const KEPT_S = 3_600

/** A browser that somebody wants to be told in. */
export interface Browser extends BrowserKeys {
  readonly endpoint: string
}
export interface Notice {
  readonly title: string
  readonly body: string
  /** Within the dashboard. */
  readonly path: string
  /** A newer one of the same stands in place of an older one. */
  readonly tag: string
  readonly urgent: boolean
}
/** `gone`: that browser is not subscribed any more. */
export type Pushed = Outcome | { readonly is: 'gone' }

export interface PushSettings {
  readonly keys: SenderKeys
  /** Mail address that the services' operators may write to. */
  readonly contact: string
  /** Beside the makers'. */
  readonly hosts: readonly string[]
  /** PEM file of authorities; empty: the system's. */
  readonly ca: string
  readonly now: () => number
}

/** Whether something may be sent there: over TLS to a service that is known. */
export function mayPushTo(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname, username, password } = new URL(endpoint)
  if (protocol !== 'https:' || username !== '' || password !== '') return false
  return hosts.includes(hostname) || MAKERS.some(maker => hostname === maker || hostname.endsWith(`.${maker}`))
}

export class PushService {
  readonly #settings: PushSettings
  readonly #fetch: BoundedFetch

  constructor(settings: PushSettings, timeoutMs = TIMEOUT_MS) {
    const { ca } = settings
    this.#settings = settings
    this.#fetch = boundedFetch({ timeoutMs, ...(ca !== '' && { ca: readFileSync(ca, 'utf8') }) })
  }

  /** Never rejects. */
  async send(browser: Browser, notice: Notice): Promise<Pushed> {
    const { keys, contact, hosts, now } = this.#settings
    if (!mayPushTo(browser.endpoint, hosts)) return { is: 'refused', cause: 'refused' }
    const headers = {
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: String(KEPT_S),
      urgency: notice.urgent ? 'high' : 'normal',
      topic: createHash('sha256').update(notice.tag).digest('base64url').slice(0, 32),
      authorization: senderProof(browser.endpoint, keys, contact, now()),
    }
    try {
      const body = sealed(Buffer.from(JSON.stringify(notice)), browser)
      const { status } = await this.#fetch(browser.endpoint, { method: 'POST', headers, body })
      return outcomeOf(status)
    } catch {
      return { is: 'passing', cause: 'unreachable' } // whatever it was: it is tried again, and its end is told
    }
  }
}

function outcomeOf(status: number): Pushed {
  if (status >= 200 && status < 300) return { is: 'delivered' }
  if (status === 404 || status === 410) return { is: 'gone' }
  if (status === 429 || status >= 500) return { is: 'passing', cause: 'server-error' }
  return { is: 'refused', cause: 'refused' }
}
