import type { StationInfo } from '../contract.ts'
import { restError } from '../rest.ts'
import { getStation } from '../rest-approvals.ts'

/** After an answer that was none, milliseconds. */
const AGAIN_MS = 5_000

/** Whether this browser stands beside a reader, and what is happening there. Where it does not, nothing is asked again. */
export class Station {
  readonly #onEnd: () => void
  #info = $state.raw<StationInfo>()
  #otherwise = $state(false)
  #looking = false

  /** @param onEnd a session that a badge began has ended */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }
  /** Undefined until the hub has answered. */
  get info(): StationInfo | undefined {
    return this.#info
  }
  /** Somebody at the workstation wants to sign in without a badge. */
  get otherwise(): boolean {
    return this.#otherwise
  }
  set otherwise(value: boolean) {
    this.#otherwise = value
  }
  async start(): Promise<void> {
    try {
      this.take(await getStation())
    } catch (e) {
      restError(e) // an old hub, or none that answers: then it is no workstation
    }
  }
  take(info: StationInfo): void {
    const before = this.#info
    this.#info = info
    if (info.badgeUntil !== undefined) this.#otherwise = false
    // Who signs in learns it by the answer to the PIN, which this may overtake.
    if (before?.signedIn && !info.signedIn) this.#onEnd()
    if (info.paired && !this.#looking) void this.#look()
  }

  async #look(): Promise<void> {
    this.#looking = true
    while (this.#info?.paired) {
      try {
        this.take(await getStation(this.#info.number))
      } catch (e) {
        restError(e)
        await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
      }
    }
    this.#looking = false
  }
}
