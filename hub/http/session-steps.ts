/** From one step of signing in to the next: which session gives way to which, and what the page is told. */
import type { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import type { SessionInfo } from '../api.ts'
import { capabilitiesOf } from '../rules/roles.ts'
import type { Auth, Entered } from './auth.ts'
import { clientWords } from './client-words.ts'
import { sessionIdIn } from './cookie.ts'
import { factorsOf } from './factors.ts'
import { pageOrigin } from './origin.ts'
import type { From } from './second-factor.ts'
import type { Sessions, SignedIn } from './sessions.ts'

export function fromOf({ raw, headers, ip }: FastifyRequest): From {
  const scheme = (raw.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http'
  return { page: { scheme, host: headers.host }, address: ip }
}

/** The address that the hub was called under: what a mailed link begins with. The command line on this machine calls it by none. */
export function calledAt(request: FastifyRequest): string | undefined {
  const { scheme, host } = fromOf(request).page
  return request.signedIn?.commandLine || host === undefined ? undefined : pageOrigin(scheme, host)
}

export class SessionSteps {
  readonly #auth: Auth
  readonly #sessions: Sessions

  readonly #provider: string | undefined

  /** @param provider what the identity provider is called, where signing in by it is offered */
  constructor(auth: Auth, sessions: Sessions, provider?: string) {
    this.#auth = auth
    this.#sessions = sessions
    this.#provider = provider
  }

  /** Whose session the request carries, and a sign of life. */
  using(request: FastifyRequest): Promise<SignedIn | undefined> {
    return this.#sessions.use(sessionIdIn(request.headers.cookie))
  }
  peeking(request: FastifyRequest): Promise<SignedIn | undefined> {
    return this.#sessions.peek(sessionIdIn(request.headers.cookie))
  }

  /**
   * A new id at each step, and the session before it ends (OWASP ASVS 5, 7.2.4): without a word where it was a step of the
   * same sign-in.
   * @param known the session before, where the request could not bring its cookie along
   * @returns the id for the cookie
   */
  async enter(request: FastifyRequest, entered: Entered, known?: SignedIn): Promise<string> {
    const { account, stage, steppedUp, station } = entered
    const before = known ?? (await this.peeking(request))
    const id = await this.#sessions.open({
      ...{ operator: account, stage, steppedUp, ...(station !== undefined && { station }) },
      client: clientWords(request.headers['user-agent']),
      address: request.ip.replace(/^::ffff:(?=\d)/i, ''),
    })
    if (before?.stage === 'in' || (before && before.id !== account.id)) await this.#sessions.end(before, 'signed-out')
    else if (before) this.#sessions.leaveBehind(before)
    return id
  }

  /** Before the second factor it says nothing of who it is. */
  async info(signedIn: SignedIn | undefined): Promise<SessionInfo> {
    const setupNeeded = await this.#auth.setupNeeded()
    const provider = this.#provider
    if (!signedIn) return { setupNeeded, ...(provider !== undefined && { provider }) }
    const { stage, operator, steppedUpUntil } = signedIn
    if (stage === 'factor') {
      const account = await this.#auth.accounts.byId(signedIn.id)
      return { stage, factors: account ? factorsOf(account) : [], setupNeeded }
    }
    return {
      ...{ operator, stage, setupNeeded },
      ...(provider !== undefined && { provider }),
      ...(stage === 'in' && { capabilities: capabilitiesOf(operator) }),
      ...(steppedUpUntil !== undefined && { steppedUpUntil }),
    }
  }
}
