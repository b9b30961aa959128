/**
 * Room on the disk, looked at again and again:
 *
 *   measure    what is used, of the quota or of the file system, whichever is shorter
 *   warn       once at 80 %; again only after it was below 75 %
 *   refuse     at 100 %: the journal takes no rows of devices any more, so that each access point follows its failure mode;
 *              the reserve is given up, so that alarms and what escape doors do still have a place: the spool
 *   recover    with room again for the reserve and more: rows are taken, the spool drains; nothing has to be repaired
 */
import { causeOf } from '../errors.ts'
import type { StorageEvent } from '../events.ts'
import type { Awaitable } from './acting.ts'

export interface Room {
  readonly usedBytes: number
  readonly quotaBytes: number
  /** Of the file system. */
  readonly freeBytes: number
}
export interface CapacityPorts {
  readonly measure: () => Promise<Room>
  /** Whether rows of devices are taken. */
  readonly limit: (full: boolean) => Awaitable<unknown>
  readonly giveReserve: () => Promise<void>
  /** @returns false if there is no room for it */
  readonly takeReserve: () => Promise<boolean>
  /** The journal, else the spool. */
  readonly tell: (event: StorageEvent) => Awaitable<unknown>
  readonly onTrouble: (cause: string) => void
}

const WARN_AT = 0.8
const WARN_AGAIN_BELOW = 0.75
/** Room that has to come back before rows are taken again: not to turn about at each row. */
const TAKEN_AGAIN_BELOW = 0.98
/** A file system with less than that is full: the next commit may not fit. */
export const LEAST_FREE_BYTES: number = 2 * 1024 * 1024

export type CapacityState = 'ok' | 'warning' | 'full'

export class CapacityWatched {
  readonly #ports: CapacityPorts
  #room: Room | undefined
  #full = false
  #warned = false
  #turn: Promise<void> = Promise.resolve()

  constructor(ports: CapacityPorts) {
    this.#ports = ports
  }

  get view(): (Room & { readonly state: CapacityState }) | undefined {
    return this.#room && { ...this.#room, state: this.#full ? 'full' : this.#warned ? 'warning' : 'ok' }
  }

  /** One at a time. Never rejects. */
  look(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#look()).catch(error => this.#ports.onTrouble(causeOf(error)))
    return this.#turn
  }

  async #look(): Promise<void> {
    const room = await this.#ports.measure()
    this.#room = room
    if (this.#full) await this.#whileFull(room)
    else if (isFull(room)) await this.#refuse(room)
    else await this.#ports.takeReserve()
    await this.#warn(room)
  }

  async #refuse(room: Room): Promise<void> {
    await this.#ports.limit(true) // a writer that is gone just now is told again at the next look
    this.#full = true
    await this.#ports.giveReserve()
    await this.#ports.tell(told('storage.full', room))
  }

  async #whileFull(room: Room): Promise<void> {
    const roomAgain = share(room) < TAKEN_AGAIN_BELOW && room.freeBytes > 2 * LEAST_FREE_BYTES
    if (!(roomAgain && (await this.#ports.takeReserve()))) {
      // A writer that began anew does not know, and what failed a moment ago is done now.
      await this.#ports.limit(true)
      await this.#ports.giveReserve()
      return
    }
    this.#full = false
    await this.#ports.limit(false)
    await this.#ports.tell(told('storage.recovered', room))
  }

  async #warn(room: Room): Promise<void> {
    const now = share(room)
    if (now < WARN_AGAIN_BELOW) this.#warned = false
    if (this.#warned || now < WARN_AT) return
    this.#warned = true
    if (!this.#full) await this.#ports.tell(told('storage.warning', room))
  }
}

const share = ({ usedBytes, quotaBytes }: Room): number => usedBytes / quotaBytes
export const isFull = (room: Room): boolean => share(room) >= 1 || room.freeBytes < LEAST_FREE_BYTES

function told(kind: StorageEvent['kind'], { usedBytes, quotaBytes }: Room): StorageEvent {
  return { kind, usedBytes, quotaBytes }
}
