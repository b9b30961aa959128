/**
 * How much one operator or one token may ask: a burst, then a steady rate. Every answer says what is left
 * (draft-ietf-httpapi-ratelimit-headers). What lets people out never waits.
 */
import type { FastifyReply } from 'fastify'
import { VigieError } from '../errors.ts'
import type { Caller, Permission } from './permissions.ts'
import { type BucketLimits, TokenBuckets } from './token-buckets.ts'

/** Requests a second; each may also ask for five seconds' worth at once. */
export interface Rates {
  readonly token: number
  readonly session: number
}
export const RATES: Rates = { token: 50, session: 200 }
const BURST_S = 5
/** In an emergency nobody is told to wait. */
const EXEMPT: ReadonlySet<Permission> = new Set<Permission>(['lockdown'])

interface Kind {
  readonly buckets: TokenBuckets
  readonly limits: BucketLimits
  readonly name: string
  readonly policy: string
}

export class RateLimits {
  readonly #token: Kind
  readonly #session: Kind

  /** @param now milliseconds on a clock that is never set */
  constructor({ token, session }: Rates = RATES, now = (): number => performance.now()) {
    this.#token = kindOf('token', token, now)
    this.#session = kindOf('session', session, now)
  }

  /** All sessions of an operator share one bucket; each token has its own. @throws VigieError too-many-requests */
  take({ id, token }: Pick<Caller, 'id' | 'token'>, permission: Permission, reply: FastifyReply): void {
    const { buckets, limits, name, policy } = token === undefined ? this.#session : this.#token
    const key = token ?? id
    const waitMs = buckets.take(key)
    const left = Math.floor(buckets.level(key))
    const fullIn = Math.ceil((limits.burst - left) / limits.perSecond)
    reply.header('ratelimit-policy', policy).header('ratelimit', `"${name}";r=${left};t=${fullIn}`)
    if (waitMs > 0 && !EXEMPT.has(permission))
      throw new VigieError('too-many-requests', { seconds: Math.ceil(waitMs / 1000) })
  }
}

function kindOf(name: string, perSecond: number, now: () => number): Kind {
  const limits = { perSecond, burst: perSecond * BURST_S }
  return { name, limits, buckets: new TokenBuckets(limits, now), policy: `"${name}";q=${limits.burst};w=${BURST_S}` }
}
