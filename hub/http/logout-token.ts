/**
 * Logout tokens of the identity provider (OpenID Connect Back-Channel Logout 1.0, 2.6): signed by it, for this hub, new, and
 * each taken once.
 */
import { createRemoteJWKSet, customFetch, type JWTPayload, jwtVerify } from 'jose'
import { causeOf, VigieError } from '../errors.ts'
import type { Clock, Log } from './ports.ts'
import type { ProviderKeys } from './provider.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Public keys only: a token signed with something that is shared would be anybody's who has it. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** From its making until it is here; and between two clocks. Seconds. */
const OLDEST_S = 120
const SKEW_S = 30
/** Remembered for as long as one could be shown again, milliseconds. */
const KEPT_MS = (OLDEST_S + 2 * SKEW_S) * 1000

type Keys = ReturnType<typeof createRemoteJWKSet>

export class LogoutTokens {
  readonly #log: Log
  readonly #now: Clock
  readonly #used = new Map<string, number>()
  #keys: { readonly of: string; readonly keys: Keys } | undefined

  constructor(log: Log, now: Clock) {
    this.#log = log
    this.#now = now
  }

  /** @returns the subject whose sessions end @throws VigieError logout-token-refused */
  async subjectOf(token: string, provider: ProviderKeys): Promise<string> {
    try {
      const { payload } = await jwtVerify(token, this.#keysOf(provider), {
        ...{ issuer: provider.issuer, audience: provider.clientId, algorithms: ALGORITHMS },
        ...{ requiredClaims: ['iat', 'jti', 'sub', 'events'], maxTokenAge: OLDEST_S, clockTolerance: SKEW_S },
        currentDate: new Date(this.#now()),
      })
      return this.#once(payload)
    } catch (error) {
      this.#log.warn({ cause: causeOf(error) }, 'a logout token was refused')
      throw new VigieError('logout-token-refused', {}, { cause: error })
    }
  }

  #once({ sub, jti, nonce, events }: JWTPayload): string {
    const happened = typeof events === 'object' && events !== null && EVENT in events
    // A nonce would make it an ID token, which every sign-in leaves behind in some place or other.
    if (!happened || nonce !== undefined || sub === undefined || jti === undefined)
      throw new TypeError('not a logout token')
    const now = this.#now()
    for (const [old, until] of this.#used) if (until <= now) this.#used.delete(old)
    if (this.#used.has(jti)) throw new TypeError('used already')
    this.#used.set(jti, now + KEPT_MS)
    return sub
  }

  #keysOf({ jwksUri, fetch }: ProviderKeys): Keys {
    if (this.#keys?.of !== jwksUri)
      this.#keys = { of: jwksUri, keys: createRemoteJWKSet(new URL(jwksUri), { [customFetch]: fetch }) }
    return this.#keys.keys
  }
}
