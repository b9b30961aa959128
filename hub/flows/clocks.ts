/**
 * Device clocks beside the hub's. Decisions are made on hub time; a device's own time is kept, flagged when it is far
 * off, and used for one thing only: to notice a badge that waited in a queue.
 */

/** A badge that took longer than this to arrive opens nothing: whoever held it may have left. */
const STALE_AFTER_MS = 30_000

export interface Comparison {
  /** Hub minus device, present beyond the limit only. */
  readonly skewMs?: number
  readonly stale: boolean
}

export class DeviceClocks {
  readonly #limitMs: number
  /** Hub minus device, as told by the `at` of the status a device sends first on each connection. */
  readonly #announced = new Map<string, number>()

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  announce(device: string, deviceAt: number | undefined, hubAt: number): void {
    if (deviceAt === undefined || Number.isNaN(deviceAt)) this.#announced.delete(device)
    else this.#announced.set(device, hubAt - deviceAt)
  }

  leave(device: string): void {
    this.#announced.delete(device)
  }

  /** Without an announced clock nothing is called stale: a wrong clock and a slow message look the same then. */
  compare(device: string, deviceAt: number, hubAt: number): Comparison {
    const behind = hubAt - deviceAt
    const announced = this.#announced.get(device)
    const stale = announced !== undefined && behind - announced > STALE_AFTER_MS
    return Math.abs(behind) > this.#limitMs ? { skewMs: behind, stale } : { stale }
  }
}
