/**
 * Which zones are armed. An operator's word is in force once it is on disk. A scenario's wish is kept until it is: arming is
 * in force meanwhile, disarming is not, so that a full disk never leaves a zone unwatched.
 */
import type { Recorded } from '../events.ts'
import { armedZones } from '../record/incidents.ts'
import type { LaterNeeds } from './services.ts'

interface Wish {
  readonly isArmed: boolean
  readonly by: string
  readonly at: number
}
type Needs = Pick<LaterNeeds, 'db' | 'op' | 'publish'> & { readonly changed: (zone: string) => void }

export class Arming {
  readonly #needs: Needs
  readonly #armed: Set<string>
  /** Zone -> what a scenario last asked for, not on disk yet. */
  readonly #wishes = new Map<string, Wish>()
  #settling: Promise<void> | undefined

  constructor(needs: Needs) {
    this.#needs = needs
    this.#armed = new Set(armedZones(needs.db).map(z => z.zone))
  }

  /** As it is in force. */
  get zones(): ReadonlySet<string> {
    return this.#armed
  }
  /** Wishes that are not on disk. */
  get waiting(): number {
    return this.#wishes.size
  }

  /** @returns its row; undefined: it was so already @throws VigieError journal-unavailable */
  async set(zone: string, { isArmed, by, at }: Wish): Promise<Recorded | undefined> {
    const row = await this.#needs.op('armZone', { at, zone, isArmed, by })
    if (row) this.#needs.publish(row)
    this.#inForce(zone, isArmed)
    return row
  }
  wish(zone: string, wish: Wish): void {
    this.#wishes.set(zone, wish)
    if (wish.isArmed) this.#inForce(zone, true)
  }
  /** Writes what is wished. What can't be written stays wished. @throws VigieError journal-unavailable */
  settle(): Promise<void> {
    this.#settling ??= this.#write().finally(() => {
      this.#settling = undefined
    })
    return this.#settling
  }

  async #write(): Promise<void> {
    for (const [zone, wish] of this.#wishes) {
      await this.set(zone, wish)
      if (this.#wishes.get(zone) === wish) this.#wishes.delete(zone)
    }
  }
  #inForce(zone: string, isArmed: boolean): void {
    if (isArmed === this.#armed.has(zone)) return
    if (isArmed) this.#armed.add(zone)
    else this.#armed.delete(zone)
    this.#needs.changed(zone)
  }
}
