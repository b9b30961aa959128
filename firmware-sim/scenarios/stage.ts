/** Where a scenario is played: devices that are online, what they have been seen to do, and an operator. */
import type { DeviceEvent } from '../device.ts'
import type { Act, Happening } from '../models/behaviour.ts'
import type { Vigie } from '../operator.ts'

/** How long something may take to be seen. */
const DEADLINE_MS = 15_000

export class Stage {
  readonly perform: (device: string, act: Act) => void
  readonly vigie: Vigie
  readonly seed: number
  readonly #seen: DeviceEvent[] = []
  readonly #waiting = new Set<() => void>()

  constructor(perform: (device: string, act: Act) => void, vigie: Vigie, seed: number) {
    this.perform = perform
    this.vigie = vigie
    this.seed = seed
  }

  /** What a device has just done: hand every one of them in. */
  happened(event: DeviceEvent): void {
    this.#seen.push(event)
    for (const look of [...this.#waiting]) look()
  }

  /** A place in time: what is seen from here on. */
  mark(): number {
    return this.#seen.length
  }

  /** The first event of these kinds there since a mark, seen already or still to come. Undefined after 15 s. */
  sees(device: string, point: string, kinds: readonly Happening[], since: number): Promise<DeviceEvent | undefined> {
    const find = () => {
      for (let i = since; i < this.#seen.length; i++) {
        const e = this.#seen[i]!
        if (e.device === device && e.point === point && kinds.includes(e.what)) return e
      }
      return undefined
    }
    return new Promise(resolve => {
      const look = (): void => {
        const found = find()
        if (found) done(found)
      }
      const done = (event?: DeviceEvent): void => {
        clearTimeout(deadline)
        this.#waiting.delete(look)
        resolve(event)
      }
      const deadline = setTimeout(done, DEADLINE_MS)
      this.#waiting.add(look)
      look()
    })
  }
}
