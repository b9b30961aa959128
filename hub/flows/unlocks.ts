/** Unlock commands that were sent and are not over: who may be opening what at this moment. In memory only, on purpose: after a restart nothing is open by an old grant. */
export interface Unlock {
  readonly command: string
  /** The lock's device and point. */
  readonly device: string
  readonly point: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly person?: string
  /** Hub time of the badge, and until when an opening counts as this person's, milliseconds UTC. */
  readonly badgeAt: number
  readonly openUntil: number
}

/** Time to pull a door open after the lock fell back, or after a request to exit, milliseconds. */
export const OPENING_GRACE_MS = 3_000
const EXIT_WINDOW_MS = 10_000

const at = (device: string, point: string): string => `${device}/${point}`

export class Unlocks {
  readonly #waiting = new Map<string, { unlock: Unlock; timer: NodeJS.Timeout }>()
  readonly #open = new Map<string, Unlock>()
  readonly #exits = new Map<string, number>()
  readonly #onSilent: (unlock: Unlock) => void

  constructor(onSilent: (unlock: Unlock) => void) {
    this.#onSilent = onSilent
  }

  sent(unlock: Unlock, expiryMs: number): void {
    const timer = setTimeout(() => this.#silent(unlock.command), expiryMs)
    this.#waiting.set(unlock.command, { unlock, timer })
    this.#open.set(at(unlock.device, unlock.point), unlock)
  }

  /** @returns the unlock a device answers to, once; undefined for an answer nobody waits for. */
  answered(device: string, command: string): Unlock | undefined {
    const entry = this.#waiting.get(command)
    if (!entry || entry.unlock.device !== device) return undefined
    clearTimeout(entry.timer)
    this.#waiting.delete(command)
    return entry.unlock
  }

  /** The order could not even be sent: nobody need wait for an answer, and nothing may open by it. */
  undelivered(command: string): void {
    const entry = this.#waiting.get(command)
    if (!entry) return
    clearTimeout(entry.timer)
    this.withdraw(entry.unlock)
    this.#silent(command)
  }

  /** The lock said that it did not move: who opens now does so without it. */
  withdraw({ device, point, command }: Unlock): void {
    if (this.#open.get(at(device, point))?.command === command) this.#open.delete(at(device, point))
  }

  exitRequested(device: string, point: string, now: number): void {
    this.#exits.set(at(device, point), now + EXIT_WINDOW_MS)
  }

  /** Why an opening now is legitimate; undefined means forced. */
  openedBy(device: string, point: string, now: number): { readonly person?: string } | undefined {
    const unlock = this.#open.get(at(device, point))
    if (unlock && now <= unlock.openUntil) return unlock.person === undefined ? {} : { person: unlock.person }
    const exit = this.#exits.get(at(device, point))
    return exit !== undefined && now <= exit ? {} : undefined
  }

  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  #silent(command: string): void {
    const entry = this.#waiting.get(command)
    this.#waiting.delete(command)
    if (entry) this.#onSilent(entry.unlock)
  }
}
