/**
 * The hospital's identity provider, spoken to over OpenID Connect Core 1.0: authorization code with PKCE S256 (RFC 7636),
 * state, nonce and the issuer in the answer (RFC 9207); ID tokens checked to their signature.
 *
 *   begin    what the provider says of itself (asked for when it is needed, and again) -> the address to send the browser to
 *   finish   code -> tokens -> who it is, which groups, how it was proved
 *
 * Nothing is asked of the provider before somebody wants to sign in, and nothing but a sign-in waits for it.
 */
import * as oidc from 'openid-client'
import { type BoundedFetch, boundedFetch } from '../bounded-fetch.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { Clock, Log } from './ports.ts'

export interface ProviderOptions {
  readonly issuer: string
  readonly clientId: string
  /** Left out: a client without a secret, which PKCE alone protects. */
  readonly clientSecret?: string
  /** PEM of the authorities its certificate may be from; left out: the system's. */
  readonly ca?: string
  readonly groupsClaim: string
  /** Values of `acr` that stand for two factors; asked for in this order. */
  readonly acr: readonly string[]
  readonly log: Log
  readonly now: Clock
}

/** What is kept of one sign-in until the browser comes back. */
export interface Begun {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Where it comes back to. */
  readonly redirect: string
  /** Asks to be proved afresh. */
  readonly fresh: boolean
}
/** Whom the provider vouches for. */
export interface Vouched {
  readonly subject: string
  /** `preferred_username`, as sent. */
  readonly username?: string
  readonly name?: string
  readonly groups: readonly string[]
  readonly twoFactors: boolean
  /** When who it is was proved to the provider, if it says so: milliseconds since 1970. */
  readonly provedAt?: number
}
/** What logout tokens are checked against. */
export interface ProviderKeys {
  readonly issuer: string
  readonly clientId: string
  readonly jwksUri: string
  readonly fetch: BoundedFetch
}

const TIMEOUT_MS = 5_000
/** Between a clock of theirs and ours, seconds. */
const SKEW_S = 30
/** What the provider says of itself is asked again after an hour; one that did not answer is left alone for a moment. */
const FRESH_MS = 3_600_000
const PAUSE_MS = 3_000

export class Provider {
  readonly #options: ProviderOptions
  readonly #fetch: BoundedFetch
  #known: { readonly config: oidc.Configuration; readonly at: number } | undefined
  #asking: Promise<oidc.Configuration> | undefined
  #failedAt = Number.NEGATIVE_INFINITY

  constructor(options: ProviderOptions) {
    this.#options = options
    this.#fetch = boundedFetch({ timeoutMs: TIMEOUT_MS, ...(options.ca !== undefined && { ca: options.ca }) })
  }

  /** @returns the address to send the browser to, and what to keep until it is back @throws VigieError provider-unreachable */
  async begin(redirect: string, fresh: boolean): Promise<{ readonly url: string; readonly begun: Begun }> {
    const config = await this.#configuration()
    const begun = {
      ...{ state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() },
      ...{ redirect, fresh },
    }
    const { acr } = this.#options
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirect,
      scope: scopeFor(config),
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
      ...(acr.length > 0 && { acr_values: acr.join(' ') }),
      ...(fresh && { prompt: 'login', max_age: '0' }),
    })
    return { url: url.href, begun }
  }

  /**
   * @param answer query of the address that the browser came back to
   * @throws VigieError provider-declined, provider-refused, provider-unreachable
   */
  async finish(answer: URLSearchParams, { state, nonce, verifier, redirect, fresh }: Begun): Promise<Vouched> {
    const config = await this.#configuration()
    const url = new URL(redirect)
    url.search = answer.toString()
    try {
      const tokens = await oidc.authorizationCodeGrant(config, url, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
        ...(fresh && { maxAge: 0 }),
      })
      const claims = tokens.claims()
      if (!claims) throw new VigieError('provider-refused')
      return this.#vouched(claims)
    } catch (error) {
      throw this.#problemOf(error)
    }
  }

  /** Where the browser ends its session there too; undefined where the provider has no such page. @throws VigieError provider-unreachable */
  async endUrl(back: string): Promise<string | undefined> {
    const config = await this.#configuration()
    if (config.serverMetadata().end_session_endpoint === undefined) return undefined
    return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: back }).href
  }

  /** @throws VigieError provider-unreachable */
  async keys(): Promise<ProviderKeys> {
    const { issuer, jwks_uri: jwksUri } = (await this.#configuration()).serverMetadata()
    if (jwksUri === undefined) throw new VigieError('provider-unreachable')
    return { issuer, clientId: this.#options.clientId, jwksUri, fetch: this.#fetch }
  }

  #vouched(claims: Readonly<Record<string, unknown>>): Vouched {
    const { sub, preferred_username: username, name, auth_time: provedAt } = claims
    const groups = claims[this.#options.groupsClaim]
    return {
      subject: String(sub),
      ...(typeof username === 'string' && { username }),
      ...(typeof name === 'string' && { name }),
      groups: [groups].flat().filter(one => typeof one === 'string'),
      twoFactors: provesTwoFactors(claims, this.#options.acr),
      ...(typeof provedAt === 'number' && { provedAt: provedAt * 1000 }),
    }
  }

  /** One question however many wait for it. What was known goes on counting while a new answer can't be had. */
  async #configuration(): Promise<oidc.Configuration> {
    const { now } = this.#options
    if (this.#known && now() - this.#known.at < FRESH_MS) return this.#known.config
    if (now() - this.#failedAt < PAUSE_MS) return this.#knownOr(new VigieError('provider-unreachable'))
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = undefined
    })
    try {
      const config = await this.#asking
      this.#known = { config, at: now() }
      return config
    } catch (error) {
      this.#failedAt = now()
      this.#options.log.warn({ cause: deepCause(error) }, 'the identity provider does not say what it is')
      return this.#knownOr(new VigieError('provider-unreachable', {}, { cause: error }))
    }
  }

  #knownOr(error: VigieError): oidc.Configuration {
    if (this.#known) return this.#known.config
    throw error
  }

  async #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options
    const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
    const options = { [oidc.customFetch]: this.#fetch, timeout: TIMEOUT_MS / 1000, execute }
    const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), options)
    const server = found.serverMetadata()
    const config = new oidc.Configuration(
      server,
      clientId,
      { [oidc.clockTolerance]: SKEW_S },
      proof(server, clientSecret),
    )
    config[oidc.customFetch] = this.#fetch
    config.timeout = TIMEOUT_MS / 1000
    // Beside TLS to the provider, which the standard would take for the signature of what comes over it.
    oidc.enableNonRepudiationChecks(config)
    for (const extension of execute) extension(config)
    return config
  }

  #problemOf(error: unknown): VigieError {
    if (error instanceof VigieError) return error
    if (error instanceof oidc.AuthorizationResponseError && DECLINED.has(error.error))
      return new VigieError('provider-declined')
    this.#options.log.warn({ cause: deepCause(error) }, 'a sign-in by the identity provider came to nothing')
    return new VigieError(isAway(error) ? 'provider-unreachable' : 'provider-refused', {}, { cause: error })
  }
}

/** Whoever went back, or was not let in there: no fault of anybody's (OpenID Connect Core 1.0, 3.1.2.6). */
const DECLINED = new Set(['access_denied', 'login_required', 'interaction_required', 'consent_required'])

const scopeFor = (config: oidc.Configuration): string => {
  const known = config.serverMetadata().scopes_supported
  return ['openid', 'profile', ...(known?.includes('groups') ? ['groups'] : [])].join(' ')
}

function proof({ token_endpoint_auth_methods_supported: ways }: oidc.ServerMetadata, secret?: string): oidc.ClientAuth {
  if (secret === undefined) return oidc.None()
  // Without a word of the provider it takes Basic (OpenID Connect Discovery 1.0, 3).
  return ways === undefined || ways.includes('client_secret_basic')
    ? oidc.ClientSecretBasic(secret)
    : oidc.ClientSecretPost(secret)
}

/** It did not answer, or not as such a service does; any other fault is in what it said. */
function isAway(error: unknown): boolean {
  if (error instanceof oidc.ResponseBodyError) return error.status >= 500
  const { code } = error as { readonly code?: string }
  return code === undefined || AWAY.has(code) || !code.startsWith('OAUTH_')
}
const AWAY = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
])

/** What lies beneath, without what was sent. */
function deepCause(error: unknown): string {
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: string }
  const said = code === undefined ? causeOf(error) : `${causeOf(error)} (${code})`
  return cause instanceof Error ? `${said}: ${causeOf(cause)}` : said
}

/** Which kind of proof a method is (RFC 8176, 2): knowledge, possession, inherence. */
const KINDS: readonly (readonly string[])[] = [
  ['pwd', 'pin', 'kba'],
  ['otp', 'hwk', 'swk', 'sms', 'tel', 'sc', 'pop'],
  ['face', 'fpt', 'iris', 'retina', 'vbm'],
]

/** Says so in one word, or names methods of two kinds; or its `acr` is one of those that the site takes for two factors. */
export function provesTwoFactors(
  { amr, acr }: { readonly amr?: unknown; readonly acr?: unknown },
  taken: readonly string[],
): boolean {
  if (typeof acr === 'string' && taken.includes(acr)) return true
  const methods = Array.isArray(amr) ? amr : []
  return methods.includes('mfa') || KINDS.filter(kind => kind.some(one => methods.includes(one))).length > 1
}
