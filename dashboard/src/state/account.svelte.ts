import type { AccountView, SessionList } from '../contract.ts'
import { endOtherSessions, endSession, getAccount, getSessions } from '../rest-account.ts'
import { Attempt } from './attempt.svelte.ts'

type OpenSession = SessionList['sessions'][number]

/** One's own account, read again after every change. */
export class Account {
  #view = $state.raw<AccountView>()
  #sessions = $state.raw<readonly OpenSession[]>([])
  readonly reading = new Attempt()

  get view(): AccountView | undefined {
    return this.#view
  }
  get sessions(): readonly OpenSession[] {
    return this.#sessions
  }
  load(): Promise<boolean> {
    return this.reading.run(async () => {
      const [view, { sessions }] = await Promise.all([getAccount(), getSessions()])
      this.#view = view
      this.#sessions = sessions
    })
  }
  /** @throws RestError */
  async end(id: string): Promise<void> {
    await endSession(id)
    await this.load()
  }
  /** @returns how many there were. @throws RestError */
  async endOthers(): Promise<number> {
    const others = this.#sessions.filter(s => !s.own).length
    await endOtherSessions()
    await this.load()
    return others
  }
}
