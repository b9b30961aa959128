/**
 * Orders to locks that no badge asked for: called back in a lockdown or after a lost badge, released in an evacuation.
 * Each is sent once, with an id and an expiry, never retained, never queued; what the lock answers is matched once.
 */
import type { CommandMessage } from '#devices/messages.ts'
import type { PointClass } from '../access/site-classes.ts'
import type { Outcome, Unlock, Unlocks } from './unlocks.ts'

/** A lock, and the place it belongs to. */
export interface LockPlace {
  readonly accessPoint: string
  readonly zone: string
  readonly class: PointClass
  readonly device: string
  readonly point: string
}
/** `silent`: not connected, or no answer before the order expired. `command` is the order's id. */
export interface Answered {
  readonly command: string
  readonly outcome: Outcome
}

interface Needs {
  readonly unlocks: Pick<Unlocks, 'sent' | 'undelivered'>
  readonly link: { command(device: string, command: CommandMessage): boolean }
  readonly newId: () => string
  /** Milliseconds after which an order moves nothing. */
  readonly expiryMs: number
  readonly now: () => number
}

export class Orders {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @returns what became of it, at the latest when it expires; never rejects */
  lock(place: LockPlace): Promise<Answered> {
    return this.#send(place, { action: 'lock' }, {})
  }

  /**
   * An opening of this door is no break-in until it has locked again, and a badge held to it does not lock it sooner.
   * @param unlockMs until the lock falls back by itself, milliseconds
   */
  unlock(place: LockPlace, unlockMs: number): Promise<Answered> {
    const openUntil = this.#needs.now() + this.#needs.expiryMs + unlockMs
    return this.#send(place, { action: 'unlock', unlockMs }, { openUntil, held: true })
  }

  #send(
    place: LockPlace,
    order: Pick<CommandMessage, 'action' | 'unlockMs'>,
    opens: { readonly openUntil?: number; readonly held?: true },
  ): Promise<Answered> {
    const { unlocks, link, newId, expiryMs, now } = this.#needs
    const command = newId()
    const at = now()
    return new Promise(resolve => {
      const sent: Unlock = {
        ...{ ...place, command },
        badgeAt: at,
        openUntil: at,
        ...opens,
        ...(order.action === 'lock' ? { action: 'lock' } : {}),
        settled: outcome => resolve({ command, outcome }),
      }
      unlocks.sent(sent, expiryMs)
      const expiresAt = new Date(at + expiryMs).toISOString()
      if (!link.command(place.device, { id: command, expiresAt, ...order, point: place.point }))
        unlocks.undelivered(command)
    })
  }
}
