import type { Operator, ServerEvents, SessionInfo, SetupRequest, SignInRequest } from '../contract.ts'
import { getSession, restError, setUp, signIn, signOut } from '../rest.ts'

export type Ending = Parameters<ServerEvents['ended']>[0]

/** Who is signed in. Undefined `info` means that the hub has not answered yet. */
export class Session {
  #info = $state.raw<SessionInfo>()
  #reachable = $state(true)
  #ending = $state.raw<Ending>()

  get info(): SessionInfo | undefined {
    return this.#info
  }
  get operator(): Operator | undefined {
    return this.#info?.operator
  }
  get reachable(): boolean {
    return this.#reachable
  }
  /** Why the last session ended, for the sign-in page. */
  get ending(): Ending | undefined {
    return this.#ending
  }

  /** Asks the hub who we are; an unreachable hub leaves what was known. */
  async check(): Promise<void> {
    try {
      const before = this.operator
      this.#info = await getSession()
      this.#reachable = true
      if (before && !this.operator) this.#ending ??= 'expired'
    } catch (e) {
      this.#reachable = restError(e).code !== 'unreachable'
    }
  }
  /** @throws RestError */
  async signIn(request: SignInRequest): Promise<void> {
    await signIn(request)
    this.#ending = undefined
    await this.check()
  }
  /** @throws RestError */
  async setUp(request: SetupRequest): Promise<void> {
    await setUp(request)
    await this.check()
  }
  async signOut(): Promise<void> {
    try {
      await signOut()
    } catch (e) {
      if (restError(e).code !== 'not-signed-in') return this.check()
    }
    this.end('signed-out')
  }
  end(why: Ending): void {
    this.#ending = why
    this.#info = { setupNeeded: false }
  }
}
