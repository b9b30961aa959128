/** Passkeys (WebAuthn Level 3), made and asked for under the name the page was opened under. The only importer of their library. */
import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { VigieError } from '../errors.ts'
import type { Account, Passkey } from './account-ports.ts'
import { Challenges } from './challenges.ts'
import { pageOrigin, type Scheme } from './origin.ts'
import type { Clock } from './ports.ts'

/** Where the page was opened. */
export interface Page {
  readonly scheme: Scheme
  /** The Host header. */
  readonly host: string | undefined
}

const TIMEOUT_MS = 5 * 60_000
/** ES256, EdDSA, RS256: what phones, keys and Windows make. */
const ALGORITHMS = [-7, -8, -257]
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const
type Transport = (typeof TRANSPORTS)[number]

const isTransport = (text: unknown): text is Transport => (TRANSPORTS as readonly unknown[]).includes(text)
const PROVE = 'prove'
const CREATE = 'create'

export class Passkeys {
  readonly #challenges: Challenges
  readonly #now: Clock
  /** Credential -> highest counter seen, also while the store can't be written. */
  readonly #counters = new Map<string, number>()

  constructor(now: Clock) {
    this.#now = now
    this.#challenges = new Challenges(now)
  }

  /** For navigator.credentials.create. @throws VigieError passkey-needs-name */
  creation(page: Page, { id, login, name, passkeys }: Account): Promise<object> {
    return generateRegistrationOptions({
      rpName: 'Vigie',
      rpID: nameOf(page),
      userName: login,
      userDisplayName: name,
      userID: userHandle(id),
      challenge: new Uint8Array(this.#challenges.make(`${CREATE} ${id}`)),
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: passkeys.map(described),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    })
  }

  /** @param made what navigator.credentials.create answered @throws VigieError passkey-refused, passkey-needs-name */
  async created(page: Page, { id }: Account, name: string, made: unknown): Promise<Passkey> {
    const verified = await orNothing(() =>
      verifyRegistrationResponse({
        response: made as RegistrationResponseJSON,
        expectedChallenge: challenge => this.#challenges.take(challenge, `${CREATE} ${id}`),
        expectedOrigin: originOf(page),
        expectedRPID: nameOf(page),
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    )
    if (!verified?.verified) throw new VigieError('passkey-refused')
    const { credential } = verified.registrationInfo
    return {
      id: credential.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: (credential.transports ?? []).filter(isTransport),
      name,
      createdAt: this.#now(),
    }
  }

  /**
   * For navigator.credentials.get.
   * @param who whose passkeys alone will do; undefined: of whoever comes @throws VigieError passkey-needs-name
   */
  asking(page: Page, who: Account | undefined): Promise<object> {
    return generateAuthenticationOptions({
      rpID: nameOf(page),
      challenge: new Uint8Array(this.#challenges.make(proving(who?.id))),
      timeout: TIMEOUT_MS,
      userVerification: 'required',
      ...(who && { allowCredentials: who.passkeys.map(described) }),
    })
  }

  /**
   * @param shown what navigator.credentials.get answered @param askedOf the account that the challenge was made for
   * @returns the passkey with its new counter, if it is one of this account, fresh, and its counter has grown (or has none)
   */
  async proved(page: Page, of: Account, shown: unknown, askedOf: string | undefined): Promise<Passkey | undefined> {
    const passkey = of.passkeys.find(p => p.id === credentialIn(shown))
    if (!passkey) return undefined
    const counter = Math.max(passkey.counter, this.#counters.get(passkey.id) ?? 0)
    const verified = await orNothing(() =>
      verifyAuthenticationResponse({
        response: shown as AuthenticationResponseJSON,
        expectedChallenge: challenge => this.#challenges.take(challenge, proving(askedOf)),
        expectedOrigin: originOf(page),
        expectedRPID: nameOf(page),
        credential: { id: passkey.id, publicKey: new Uint8Array(passkey.publicKey), counter },
        requireUserVerification: true,
      }),
    )
    if (!verified?.verified) return undefined
    const { newCounter } = verified.authenticationInfo
    this.#counters.set(passkey.id, newCounter)
    return { ...passkey, counter: newCounter }
  }
}

/** Which passkey an answer names. */
export const credentialIn = (shown: unknown): string => String((shown as { id?: unknown } | null)?.id ?? '')

const proving = (account: string | undefined): string => `${PROVE} ${account ?? ''}`
const originOf = ({ scheme, host = '' }: Page): string => pageOrigin(scheme, host)

/** The relying party: a host name, never an address (WebAuthn, 5.1.2). @throws VigieError passkey-needs-name */
function nameOf({ host = '' }: Page): string {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (name === '' || isIP(name.replace(/^\[|\]$/g, '')) !== 0) throw new VigieError('passkey-needs-name')
  return name
}

/** What the authenticator files a passkey under. The pseudonym of the journal stays inside. */
const userHandle = (id: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(`vigie passkey ${id}`).digest())

const described = ({ id, transports }: Passkey): { id: string; transports: Transport[] } => ({
  id,
  transports: transports.filter(isTransport),
})

/** The library throws at whatever does not fit, from a wrong origin to bytes that are no CBOR: each is a refusal, never a failure. */
async function orNothing<T>(verify: () => Promise<T>): Promise<T | undefined> {
  return Promise.try(verify).catch((error: unknown) => {
    if (error instanceof VigieError) throw error
    return undefined
  })
}
