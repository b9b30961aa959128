import type { Capability, Operator, ServerEvents, SessionInfo, SetupRequest, SignInRequest } from '../contract.ts'
import { ownBrowser, unsubscribe } from '../push.ts'
import { getSession, restError, setUp, signIn, signOut } from '../rest.ts'
import { dropPush } from '../rest-account.ts'

export type Ending = Parameters<ServerEvents['ended']>[0]

/** Who is signed in, and how far. Undefined `info` means that the hub has not answered yet. */
export class Session {
  #info = $state.raw<SessionInfo>()
  #reachable = $state(true)
  #ending = $state.raw<Ending>()

  get info(): SessionInfo | undefined {
    return this.#info
  }
  /** Whoever is signed in, all the way. */
  get operator(): Operator | undefined {
    return this.#info?.stage === 'in' ? this.#info.operator : undefined
  }
  get reachable(): boolean {
    return this.#reachable
  }
  /** Why the last session ended, for the sign-in page. */
  get ending(): Ending | undefined {
    return this.#ending
  }
  /** What the page may offer; the hub asks again. */
  readonly may = (capability: Capability): boolean => this.#info?.capabilities?.includes(capability) ?? false

  /** Asks the hub who we are; an unreachable hub leaves what was known. */
  async check(): Promise<void> {
    try {
      const before = this.#info?.stage
      this.#info = await getSession()
      this.#reachable = true
      if (before && !this.#info.stage) this.#ending ??= 'expired'
    } catch (e) {
      this.#reachable = restError(e).code !== 'unreachable'
    }
  }
  /** The hub said how far the session is now: the answer to every step. */
  take(info: SessionInfo): void {
    this.#info = info
    this.#reachable = true
    if (info.stage) this.#ending = undefined
  }
  /** @throws RestError */
  async signIn(request: SignInRequest): Promise<void> {
    this.take(await signIn(request))
  }
  /** @throws RestError */
  async setUp(request: SetupRequest): Promise<void> {
    this.take(await setUp(request))
  }
  /** Also out of a sign-in that is not finished. */
  async signOut(): Promise<void> {
    const whole = this.operator !== undefined
    try {
      await this.#untell()
      await signOut()
    } catch (e) {
      if (restError(e).code !== 'not-signed-in') return this.check()
    }
    if (whole) return this.end('signed-out')
    this.#info = this.#nobody()
    await this.check()
  }
  /** Whoever sits here next is not told what was meant for somebody else. */
  async #untell(): Promise<void> {
    const own = ownBrowser()
    if (own === undefined) return
    await unsubscribe()
    // A hub that does not hear of it now hears it from the service, at the next message.
    await dropPush(own).catch(restError)
  }
  /** Signed out; how to come in again is known. */
  #nobody(): SessionInfo {
    const provider = this.#info?.provider
    return { setupNeeded: false, ...(provider !== undefined && { provider }) }
  }
  end(why: Ending): void {
    this.#ending = why
    this.#info = this.#nobody()
  }
  /**
   * The socket was told that its session is over. After a step-up that is only the one before: whoever has a new one stays.
   * Nobody stays on the word of a hub that does not answer.
   */
  async ended(why: Ending): Promise<void> {
    try {
      const info = await getSession()
      if (info.stage === 'in') return this.take(info)
    } catch (e) {
      this.#reachable = restError(e).code !== 'unreachable'
    }
    this.end(why)
  }
}
