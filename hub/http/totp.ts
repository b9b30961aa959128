/** Time-based one-time codes (RFC 6238) as every generator makes them: SHA-1, six digits, 30 s. The only importer of otpauth. */
import { Secret, TOTP } from 'otpauth'
import type { TotpOffer } from '../api.ts'

const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const PERIOD_MS = SHAPE.period * 1_000
/** Codes of the step before and after count too: clocks are not exact, people not fast. */
const WINDOW = 1
/** RFC 4226, 4, R6: as long as the hash. */
const SECRET_BYTES = 20
const ISSUER = 'Vigie'

/** @param login what the generator shows beside the code */
export function newTotp(login: string): TotpOffer {
  const secret = new Secret({ size: SECRET_BYTES })
  const uri = new TOTP({ ...SHAPE, issuer: ISSUER, label: login, secret }).toString()
  return { secret: secret.base32, uri }
}

const nobodys = new Secret({ size: SECRET_BYTES }).base32

/**
 * @param secret base32; undefined costs the same and fits nothing @param at milliseconds since 1970
 * @returns the step that the code is of, if it is one that counts now
 */
export function stepOf(secret: string | undefined, code: string, at: number): number | undefined {
  const held = Secret.fromBase32(secret ?? nobodys)
  const delta = TOTP.validate({ ...SHAPE, token: code, secret: held, timestamp: at, window: WINDOW })
  if (delta === null || secret === undefined) return undefined
  return Math.floor(at / PERIOD_MS) + delta
}

/** The code of a moment, for who holds the secret. */
export const codeAt = (secret: string, at: number): string =>
  TOTP.generate({ ...SHAPE, secret: Secret.fromBase32(secret), timestamp: at })

/**
 * Each code counts once (OWASP ASVS 5, 6.5.1), decided in one turn: of fifty at the same moment one wins, whatever the disk
 * does. A code older than one that was used counts no more.
 */
export class TotpClaims {
  readonly #newest = new Map<string, number>()

  /** @param stored newest step that the store knows as used @returns false if it was used already */
  claim(account: string, step: number, stored: number | undefined): boolean {
    if (step <= Math.max(this.#newest.get(account) ?? -1, stored ?? -1)) return false
    this.#newest.set(account, step)
    return true
  }
  /** Another secret: its steps are not those of the one before. @param step of the code that proved it */
  begin(account: string, step: number): void {
    this.#newest.set(account, step)
  }
}
