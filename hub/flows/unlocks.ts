/** Orders to locks that are not over: who may be opening what at this moment. In memory only, on purpose: after a restart nothing is open by an old grant. */
import type { Ack } from '#devices/messages.ts'
import type { PointClass } from '../access/site-classes.ts'

export interface Unlock {
  readonly command: string
  /** The lock's device and point. */
  readonly device: string
  readonly point: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly class?: PointClass
  readonly person?: string
  /** The badge that opened it. */
  readonly credential?: string
  /** Hub time of the badge, or of an order that no badge asked for, and until when an opening counts as this person's, milliseconds UTC. */
  readonly badgeAt: number
  readonly openUntil: number
  /** A lock that is called back: nothing opens by this order, and nothing by an older one once the lock has answered it. */
  readonly action?: 'lock'
  /** A door that is kept released, order after order, whoever badges there meanwhile. */
  readonly held?: true
  /** Told once how it ended. Whoever asks for this tells of a silent lock by itself: no lock.silent row is written. */
  readonly settled?: (outcome: Outcome) => void
}
/** `silent`: the lock could not be reached, or did not answer before the order expired. */
export type Outcome = Ack['outcome'] | 'silent'

/** Time to pull a door open after the lock fell back, or after a request to exit, milliseconds. */
export const OPENING_GRACE_MS = 3_000
const EXIT_WINDOW_MS = 10_000

const at = (device: string, point: string): string => `${device}/${point}`

export class Unlocks {
  readonly #waiting = new Map<string, { unlock: Unlock; timer: NodeJS.Timeout }>()
  readonly #open = new Map<string, Unlock>()
  readonly #held = new Map<string, Unlock>()
  readonly #exits = new Map<string, number>()
  readonly #onSilent: (unlock: Unlock) => void

  constructor(onSilent: (unlock: Unlock) => void) {
    this.#onSilent = onSilent
  }

  sent(unlock: Unlock, expiryMs: number): void {
    const timer = setTimeout(() => this.#silent(unlock.command), expiryMs)
    this.#waiting.set(unlock.command, { unlock, timer })
    if (unlock.action !== 'lock') (unlock.held ? this.#held : this.#open).set(at(unlock.device, unlock.point), unlock)
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
    for (const map of [this.#open, this.#held])
      if (map.get(at(device, point))?.command === command) map.delete(at(device, point))
  }

  /** How long this door is kept released yet, milliseconds; 0 for any other. No order for a badge may be shorter. */
  heldFor(device: string, point: string, now: number): number {
    return Math.max(0, (this.#held.get(at(device, point))?.openUntil ?? now) - now)
  }

  exitRequested(device: string, point: string, now: number): void {
    this.#exits.set(at(device, point), now + EXIT_WINDOW_MS)
  }

  /** The unlock that an opening now is due to. */
  openAt(device: string, point: string, now: number): Unlock | undefined {
    const unlocks = [this.#open, this.#held].map(map => map.get(at(device, point)))
    return unlocks.find(unlock => unlock && now <= unlock.openUntil)
  }

  /** The lock has come back on this order: what was ordered before it is over. */
  cameBack({ device, point, badgeAt }: Unlock): void {
    for (const map of [this.#open, this.#held]) {
      const open = map.get(at(device, point))
      if (open && open.badgeAt <= badgeAt) map.delete(at(device, point))
    }
  }

  /** Why an opening now is legitimate; undefined means forced. */
  openedBy(device: string, point: string, now: number): { readonly person?: string } | undefined {
    const unlock = this.openAt(device, point, now)
    if (unlock) return unlock.person === undefined ? {} : { person: unlock.person }
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
    if (entry?.unlock.settled) entry.unlock.settled('silent')
    else if (entry) this.#onSilent(entry.unlock)
  }
}
