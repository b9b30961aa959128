/**
 * How long and how often the hub tries to tell a webhook of a row, and why it may give up. Pure. Receivers get each row at
 * least once, in order, one at a time (Standard Webhooks).
 */

/** Why a delivery failed; `status`: an answer that is none of 2xx. */
export const DELIVERY_CAUSES = [
  'status',
  'gone',
  'redirect',
  'timeout',
  'unreachable',
  'dns',
  'address',
  'certificate',
  'too-large',
  'broken',
] as const
export type DeliveryCause = (typeof DELIVERY_CAUSES)[number]

/** Why nothing is sent: somebody said so; the receiver answers 410; nothing was taken for days; its owner may not any more; a backup was restored; too much was set aside. */
export const PAUSE_CAUSES = ['operator', 'gone', 'failing', 'owner', 'restored', 'dead-full'] as const
export type PauseCause = (typeof PAUSE_CAUSES)[number]

const SECOND = 1_000
const HOUR = 3_600 * SECOND

export const WEBHOOK_LIMITS = {
  /** Of all owners; of all operators together; of one application. */
  all: 40,
  operators: 20,
  tenant: 4,
  /** Rows that are set aside for one: more, and it is paused. */
  dead: 1_000,
  /** So long after a new secret was made, what the one before signs counts too. */
  rotationMs: 24 * HOUR,
  /** Nothing delivered for so long, though it was tried: paused. */
  pauseMs: 72 * HOUR,
} as const

const FIRST_MS = 5 * SECOND
const LONGEST_MS = HOUR
/** The last quarter of a delay is left to chance, so that receivers that were down together are not asked together. */
const JITTER = 0.25

/**
 * Until the next attempt, milliseconds: 5 s after the first, twice as long after each, an hour at most.
 * @param attempts that failed, from 1 on @param random 0 to 1 @param askedMs that the receiver asked for in Retry-After
 */
export function retryAfterMs(attempts: number, random: number, askedMs = 0): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_MS)
  return Math.min(Math.max(full * (1 - JITTER * random), askedMs), LONGEST_MS)
}

/** As the journal tells it. */
export const causeInWords = (cause: string, status: number | undefined): string =>
  status === undefined ? cause : `HTTP ${status}`
