/** Newest values by zone: what a condition asks about the place a trigger came from. In memory. */
import type { Subject, ZoneNow } from './scenario-facts.ts'

export class ZoneValues implements ZoneNow {
  /** `<zone> <quantity>` -> device/point -> newest value. */
  readonly #by = new Map<string, Map<string, number>>()

  set({ zone, device, point }: Subject, quantity: string, value: number): void {
    if (zone === undefined) return
    const at = `${zone} ${quantity}`
    const here = this.#by.get(at) ?? new Map<string, number>()
    this.#by.set(at, here.set(`${device ?? ''}/${point ?? ''}`, value))
  }
  /** Of several sensors in a zone their mean. */
  value(zone: string, quantity: string): number | undefined {
    const here = this.#by.get(`${zone} ${quantity}`)
    if (!here) return undefined
    let sum = 0
    for (const value of here.values()) sum += value
    return sum / here.size
  }
  /** Any of its sensors sees somebody. */
  occupied(zone: string): boolean {
    for (const value of this.#by.get(`${zone} occupancy`)?.values() ?? []) if (value > 0) return true
    return false
  }
}
