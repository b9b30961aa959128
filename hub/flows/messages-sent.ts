/**
 * Messages go out to people.
 *
 *   take      what is due, each way in a lane of its own: a mail server that hangs keeps no text message back
 *   mark      that it is being sent, before it is: after a crash the gateway is asked what it knows, where it can be
 *   send      or ask what became of what was handed over
 *   record    how it then stands, with the row that somebody was told, or could not be
 *
 * What can't be written stays as it was, and is tried again: at least once, with one id for all tries of one message.
 */
import type { VigieEvent } from '../events.ts'
import { afterTry, type Channel, dropped, type Message, type Outcome } from '../rules/telling.ts'

/** A way out: a mail server, a gateway. Never rejects. */
export interface Way {
  send(message: Message): Promise<Outcome>
  /** Of what was handed over. */
  ask?(message: Message): Promise<Outcome>
  /** Of what may have been handed over before a crash; undefined: it was not, send it. */
  find?(message: Message): Promise<Outcome | undefined>
}
interface Needs {
  readonly due: (now: number) => readonly Message[]
  readonly ways: Readonly<Partial<Record<Channel, Way>>>
  /** Nobody needs to be told of this any more. */
  readonly isOver: (message: Message) => boolean
  /** @throws VigieError journal-unavailable */
  readonly put: (message: Message, events: readonly VigieEvent[], at: number) => Promise<void>
  readonly now: () => number
  readonly onFailure: (error: unknown) => void
}

/** Of one way at once. */
const LANE = 4

export class MessagesSent {
  readonly #needs: Needs
  /** On their way in this process, by id. */
  readonly #going = new Map<string, Promise<void>>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Sends what is due; resolves when it is under way, not when it has arrived. */
  look(): void {
    const taken = new Map<Channel, number>()
    for (const id of this.#going.keys()) count(taken, this.#lanes.get(id))
    for (const message of this.#needs.due(this.#needs.now())) {
      const way = message.ways[message.way]
      if (this.#going.has(message.id) || way === undefined || (taken.get(way) ?? 0) >= LANE) continue
      count(taken, way)
      this.#lanes.set(message.id, way)
      this.#going.set(message.id, this.#one(message, way))
    }
  }
  readonly #lanes = new Map<string, Channel>()

  /** Resolves when nothing is under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#going.values())
  }

  async #one(message: Message, way: Channel): Promise<void> {
    try {
      await this.#go(message, way)
    } catch (error) {
      this.#needs.onFailure(error)
    } finally {
      this.#going.delete(message.id)
      this.#lanes.delete(message.id)
    }
  }

  async #go(message: Message, name: Channel): Promise<void> {
    const { isOver, put, now, ways } = this.#needs
    if (message.state !== 'handed-over' && isOver(message)) return put(dropped(message), [], now())
    const way = ways[name]
    const outcome: Outcome = way ? await this.#tried(message, way) : { is: 'refused', cause: 'unreachable' }
    const after = afterTry(message, outcome, now())
    await put(after, eventsOf(message, after), now())
  }

  async #tried(message: Message, way: Way): Promise<Outcome> {
    if (message.state === 'handed-over') return (await way.ask?.(message)) ?? { is: 'delivered' }
    const found = message.state === 'sending' ? await way.find?.(message) : undefined
    if (found) return found
    await this.#needs.put({ ...message, state: 'sending' }, [], this.#needs.now())
    return way.send(message)
  }
}
const count = (taken: Map<Channel, number>, way: Channel | undefined): void => {
  if (way !== undefined) taken.set(way, (taken.get(way) ?? 0) + 1)
}

/** Somebody was told, or can't be by any way; what is tried again is no row. */
function eventsOf(before: Message, after: Message): readonly VigieEvent[] {
  const channel = before.ways[before.way]
  if (channel === undefined || (after.state !== 'delivered' && after.state !== 'failed')) return []
  const { incident, step, operator, cause } = after
  const of = { ...(incident !== undefined && { incident }), ...(step !== undefined && { step }), operator, channel }
  if (after.state === 'delivered') return [{ kind: 'alert.delivered', ...of }]
  return [{ kind: 'alert.undelivered', ...of, ...(cause !== undefined && { cause }) }]
}
