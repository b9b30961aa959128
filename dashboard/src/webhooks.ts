/** What is shown of webhooks. Pure. */
import type { Capability, EventKind, WebhookView } from './contract.ts'

/** Never told of: they are measurements, and states without news. */
const QUIET: ReadonlySet<string> = new Set<EventKind>(['readings', 'state.changed', 'lock.kept'])
const GUARDED: ReadonlySet<string> = new Set<EventKind>(['duress.raised'])

export const tellable = (kind: EventKind, may: (capability: Capability) => boolean): boolean =>
  !QUIET.has(kind) && (may('events.guarded') || !GUARDED.has(kind))

export type WebhookState = 'paused' | 'failing' | 'dead' | 'fine'
/** The worst that is so. */
export function webhookState({ status, failingSince, dead }: WebhookView): WebhookState {
  if (status === 'paused') return 'paused'
  if (failingSince !== undefined) return 'failing'
  return dead > 0 ? 'dead' : 'fine'
}

export const isHttps = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === 'https:' && !text.includes('#') && new URL(text).username === ''
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
