/** What goes wrong with an outside store, in the words of the table of errors: what to do differs by kind. */
import { causeOf, isVigieError, VigieError } from '../errors.ts'

export interface Answered {
  readonly store: string
  readonly status: number
  /** What the server says of it; cut, and without what could be an escape for a terminal. */
  readonly says: string
  /** Retry-After, seconds. */
  readonly retryAfter?: number | undefined
}
const LONGEST = 300
const LONGEST_WAIT_S = 600
const USUAL_WAIT_S = 5

/** @returns what an answer other than 2xx means */
export function troubleOf({ store, status, says, retryAfter }: Answered): VigieError {
  const reason = cleaned(says) || `HTTP ${status}`
  if (status === 401 || status === 403) return new VigieError('store-refused', { store })
  if (status === 404) return new VigieError('store-missing', { store, reason })
  if (status === 413) return new VigieError('store-too-large', { store })
  if (status === 429 || status === 503)
    return new VigieError('store-busy', { store, seconds: Math.min(LONGEST_WAIT_S, retryAfter ?? USUAL_WAIT_S) })
  if (status === 400 || status === 422) return new VigieError('store-rejected', { store, reason, ...droppedIn(reason) })
  return new VigieError('store-unreachable', { store, cause: reason })
}

/** No answer, half of one, or one that nobody can read. */
export const lostTo = (store: string, error: unknown): VigieError =>
  isVigieError(error)
    ? error
    : new VigieError('store-unreachable', { store, cause: cleaned(causeOf(error)) }, { cause: error })

/** Retry-After as seconds or as a date (RFC 9110, 10.2.3). */
export function secondsIn(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined
}

/** InfluxDB 1 says how many points it dropped while it kept the others. */
function droppedIn(reason: string): { dropped?: number } {
  const dropped = /\bdropped=(\d{1,9})\b/.exec(reason)?.[1]
  return dropped === undefined ? {} : { dropped: Number(dropped) }
}

const cleaned = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
