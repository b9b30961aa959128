/**
 * A lock has answered a command, or has not answered in time.
 *
 *   match    the command it answers to, once; a stray answer is recorded but belongs to nobody
 *   record   lock.unlocked, lock.locked, lock.refused or lock.failed; lock.silent when the time is over
 *   notify   observers
 */
import type { Ack } from '#devices/messages.ts'
import type { LockAnswered as Answered, LockSilent } from '../events.ts'
import type { JournalWriter, Recorded } from '../ports.ts'
import type { Incoming } from './message-received.ts'
import type { Unlock, Unlocks } from './unlocks.ts'

interface Needs {
  readonly journal: JournalWriter
  readonly unlocks: Unlocks
  readonly notify: (recorded: Recorded) => void
}

const KINDS = { done: 'lock.unlocked', refused: 'lock.refused', failed: 'lock.failed' } as const

export class LockAnswered {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async handle({ message, origin, at }: Incoming<Ack>): Promise<void> {
    const { unlocks, journal, notify } = this.#needs
    const unlock = origin.late ? undefined : unlocks.answered(origin.device, message.command)
    if (unlock && message.outcome === 'refused') unlocks.withdraw(unlock)
    const back = unlock?.action === 'lock' && message.outcome === 'done'
    if (back) unlocks.cameBack(unlock)
    unlock?.settled?.(message.outcome)
    const event: Answered = {
      kind: back ? 'lock.locked' : kindOf(message.outcome, unlock),
      ...origin,
      command: message.command,
      ...(unlock ? about(unlock) : { point: '' }),
      ...took(unlock, at),
    }
    notify(await journal.append({ event, at, inbox: { device: origin.device, seq: message.seq, id: message.id } }))
  }

  /** Nobody waits for this row; if it can't be written, the journal's own alarm tells. */
  async silent(unlock: Unlock, at: number): Promise<void> {
    const event: LockSilent = { kind: 'lock.silent', device: unlock.device, command: unlock.command, ...about(unlock) }
    this.#needs.notify(await this.#needs.journal.append({ event, at }))
  }
}

/** A door that is kept released answers every 20 s: recorded, and no news. What is new about it, evacuation.released tells. */
const kindOf = (outcome: Ack['outcome'], unlock: Unlock | undefined): Answered['kind'] =>
  outcome === 'done' && unlock?.held ? 'lock.kept' : KINDS[outcome]

const took = (unlock: Unlock | undefined, at: number) => (unlock ? { tookMs: at - unlock.badgeAt } : {})

const about = ({ point, accessPoint, zone, class: pointClass, person }: Unlock) => ({
  point,
  ...(accessPoint ? { accessPoint } : {}),
  ...(zone ? { zone } : {}),
  ...(pointClass ? { class: pointClass } : {}),
  ...(person ? { person } : {}),
})
