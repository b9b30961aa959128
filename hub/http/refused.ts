/**
 * That somebody asked for what they may not do is a row of the journal, once a minute for each operator or token and
 * capability, or application and what it asked for: a probe shows, and a page that repeats itself fills no journal.
 */
import type { NotAllowed, TenantRefused } from '../events.ts'
import type { Caller } from './permissions.ts'
import type { Clock, RecordEvent } from './ports.ts'

const WINDOW_MS = 60_000

export class Refused {
  readonly #record: RecordEvent<NotAllowed | TenantRefused>
  readonly #now: Clock
  /** Who and what -> when it was last told. */
  readonly #told = new Map<string, number>()

  /** @param record never rejects */
  constructor(record: RecordEvent<NotAllowed | TenantRefused>, now: Clock) {
    this.#record = record
    this.#now = now
  }

  /** The answer does not wait for the row. */
  note({ id, token }: Pick<Caller, 'id' | 'token'>, capability: string): void {
    if (!this.#isNew(`${token ?? id} ${capability}`)) return
    void this.#record({
      kind: 'operator.not-allowed',
      operator: id,
      ...(token !== undefined && { token }),
      capability,
    })
  }

  /** @param what.asked the route, as it is registered; `reason`: why not, or which field of the wish */
  noteTenant(tenant: string, { asked, reason }: Pick<TenantRefused, 'asked' | 'reason'>): void {
    if (this.#isNew(`tenant:${tenant} ${asked} ${reason}`))
      void this.#record({ kind: 'tenant.refused', tenant, asked, reason })
  }

  #isNew(key: string): boolean {
    const now = this.#now()
    if (now - (this.#told.get(key) ?? Number.NEGATIVE_INFINITY) < WINDOW_MS) return false
    for (const [old, at] of this.#told) if (now - at >= WINDOW_MS) this.#told.delete(old)
    this.#told.set(key, now)
    return true
  }
}
