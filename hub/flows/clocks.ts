/**
 * Device clocks beside the hub's. Decisions are made on hub time; a device's own time is kept, flagged when it is far
 * off, and used for one thing only: to notice a badge that waited in a queue, on its way or in the device.
 *
 * A device that says what its clock shows (the `at` of the status it sends first) is measured against that. Of one that
 * does not say, what comes in one go right behind its connecting and is old by its own clock counts as a queue being
 * emptied; once it has been quiet, or has sent something fresh, an old time is taken for a wrong clock.
 */

/** A badge that took longer than this to arrive opens nothing: whoever held it may have left. */
const STALE_AFTER_MS = 30_000
/** A queue is sent without a pause. After this long without a message there is none any more. */
const QUIET_MS = 3_000

export interface Comparison {
  /** Hub minus device, present beyond the limit only. */
  readonly skewMs?: number
  readonly stale: boolean
}

interface Connection {
  /** Hub minus device, once the device has said what its clock shows. */
  announced?: number
  /** False while it may still be emptying a queue. */
  live: boolean
  lastAt: number
}

export class DeviceClocks {
  readonly #limitMs: number
  readonly #connections = new Map<string, Connection>()

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** A new connection: what was known of the clock before is not relied on. */
  connect(device: string, hubAt: number): void {
    this.#connections.set(device, { live: false, lastAt: hubAt })
  }

  leave(device: string): void {
    this.#connections.delete(device)
  }

  announce(device: string, deviceAt: number | undefined, hubAt: number): void {
    const connection = this.#of(device, hubAt)
    if (deviceAt === undefined || Number.isNaN(deviceAt)) delete connection.announced
    else connection.announced = hubAt - deviceAt
  }

  /** Times in milliseconds since 1970, UTC. */
  compare(device: string, deviceAt: number, hubAt: number): Comparison {
    const behind = hubAt - deviceAt
    const stale = isStale(this.#of(device, hubAt), behind, hubAt)
    return Math.abs(behind) > this.#limitMs ? { skewMs: behind, stale } : { stale }
  }

  #of(device: string, hubAt: number): Connection {
    const known = this.#connections.get(device)
    if (known) return known
    this.connect(device, hubAt)
    return this.#connections.get(device) as Connection
  }
}

function isStale(connection: Connection, behind: number, hubAt: number): boolean {
  if (connection.announced !== undefined) return behind - connection.announced > STALE_AFTER_MS
  connection.live ||= Math.abs(behind) <= STALE_AFTER_MS || hubAt - connection.lastAt > QUIET_MS
  connection.lastAt = hubAt
  return !connection.live
}
