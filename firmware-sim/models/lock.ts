import type { CommandMessage } from '#devices/messages.ts'
import { type Answer, type Body, type Hand, refused } from './behaviour.ts'

const DEFAULT_UNLOCK_MS = 5_000
/** Someone who was not let in by then has walked off. */
const PATIENCE_MS = 10_000

/** A bolt and a contact. Released, opened, closed and locked are four separate facts, said separately. */
export class LockedPoint {
  readonly name: string
  readonly #body: Body
  lock: 'locked' | 'unlocked' = 'locked'
  contact: 'open' | 'closed' = 'closed'
  #hand: Hand | undefined
  #cancelRelock: (() => void) | undefined

  constructor(name: string, body: Body) {
    this.name = name
    this.#body = body
  }

  report(): void {
    this.#body.say({ kind: 'state', fields: { point: this.name, lock: this.lock, contact: this.contact } })
  }

  /** Someone waits here with a hand on the handle. */
  expect(hand: Hand): void {
    this.#hand = hand
    this.#body.later(PATIENCE_MS, () => {
      if (this.#hand === hand) this.#hand = undefined
    })
  }

  execute(command: CommandMessage): Answer {
    if (command.action === 'unlock')
      return { outcome: 'done', afterwards: this.release(command.unlockMs ?? DEFAULT_UNLOCK_MS) }
    if (command.action === 'lock') return { outcome: 'done', afterwards: () => this.#lockAgain() }
    return command.action === 'identify' ? { outcome: 'done' } : refused('not possible here')
  }

  /** Draws the bolt at once; the returned function tells of it. A second release only lengthens the first. */
  release(ms: number): () => void {
    this.#cancelRelock?.()
    this.lock = 'unlocked'
    this.#cancelRelock = this.#body.after(ms, () => this.#lockAgain())
    return () => {
      this.#body.say({ kind: 'state', fields: { point: this.name, lock: 'unlocked' } })
      this.#body.happened('unlocked', this.name)
      this.#pull()
    }
  }

  powerLost(): void {
    this.lock = 'locked'
    this.#cancelRelock = undefined
  }

  #pull(): void {
    const hand = this.#hand
    this.#hand = undefined
    if (hand) this.#body.later(hand.afterMs, () => this.#open(hand.dwellMs))
  }

  #open(dwellMs: number): void {
    if (this.lock === 'locked' || this.contact === 'open') return
    this.contact = 'open'
    this.#body.say({ kind: 'state', fields: { point: this.name, contact: 'open' } })
    this.#body.happened('opened', this.name)
    this.#body.later(dwellMs, () => this.#close())
  }

  #close(): void {
    this.contact = 'closed'
    this.#body.say({ kind: 'state', fields: { point: this.name, contact: 'closed' } })
    this.#body.happened('closed', this.name)
  }

  #lockAgain(): void {
    this.#cancelRelock?.()
    this.lock = 'locked'
    this.#body.say({ kind: 'state', fields: { point: this.name, lock: 'locked' } })
    this.#body.happened('locked', this.name)
  }
}
