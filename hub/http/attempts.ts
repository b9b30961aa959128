/** Attempts to prove who one is, each delayed by the failures before it: of the same account, and from the same network. */
import { VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import type { Clock, RecordEvent } from './ports.ts'
import { networkOf, Throttle } from './throttle.ts'

/** An account's owner waits a minute at worst, whoever hammers at it; a network may hold a whole hospital. */
const ACCOUNT = { free: 0, capMs: 60_000 }
const NETWORK = { free: 10, capMs: 300_000 }

/** Counted as failed until it says otherwise. */
export interface Attempt {
  /** To wait before the next one, if this fails. */
  readonly seconds: number
  right(): void
}

export class Attempts {
  readonly #record: RecordEvent<OperatorEvent>
  readonly #byAccount: Throttle
  readonly #byNetwork: Throttle

  constructor(record: RecordEvent<OperatorEvent>, now: Clock) {
    this.#record = record
    this.#byAccount = new Throttle(ACCOUNT, now)
    this.#byNetwork = new Throttle(NETWORK, now)
  }

  /**
   * @param key what is hammered at; absent: nobody's yet
   * @param known id of a browser that the account's owner has been signed in with: delayed by its own failures alone
   * @throws VigieError too-many-requests
   */
  async begin(key: string | undefined, address: string, known?: string): Promise<Attempt> {
    if (known !== undefined) return this.#beginKnown(`known ${known}`)
    const network = networkOf(address)
    if (key !== undefined) await this.#refuseDelayed(this.#byAccount, key)
    await this.#refuseDelayed(this.#byNetwork, network)
    const accountMs = key === undefined ? 0 : this.#byAccount.charge(key)
    return {
      seconds: secondsOf(Math.max(accountMs, this.#byNetwork.charge(network))),
      right: () => {
        if (key !== undefined) this.#byAccount.refund(key, true)
        this.#byNetwork.refund(network, false)
      },
    }
  }

  async #beginKnown(key: string): Promise<Attempt> {
    await this.#refuseDelayed(this.#byAccount, key)
    const seconds = secondsOf(this.#byAccount.charge(key))
    return { seconds, right: () => this.#byAccount.refund(key, true) }
  }

  async #refuseDelayed(throttle: Throttle, key: string): Promise<void> {
    const waitMs = throttle.waitMs(key)
    if (waitMs > 0 && throttle.tellOnce(key)) await this.#record({ kind: 'operator.refused', reason: 'too-many' })
    refuseEarly(waitMs)
  }
}

const secondsOf = (ms: number): number => Math.ceil(ms / 1000)

/** @throws VigieError too-many-requests */
export function refuseEarly(waitMs: number): void {
  if (waitMs > 0) throw new VigieError('too-many-requests', { seconds: secondsOf(waitMs) })
}
