/**
 * An evacuation begins, is taken up again after a restart of the hub, or ends; and people are accounted for meanwhile.
 *
 *   check    the plan is one of the site, and is in force, or is not
 *   record   its situation and its journal row, in one commit
 *   act      in the hub, whoever started it: evacuation-released.ts
 *
 * People get out whatever the disk does: where a running hub can't write, the evacuation is in force and the doors are
 * released all the same, and the row waits in the spool. After a restart an evacuation stands, but releases nothing until
 * a person says so again. Ending it locks nothing: each lock falls back by itself.
 */
import type { SituationChange } from '../access/situations.ts'
import { isVigieError, VigieError } from '../errors.ts'
import type { EvacuationEvent, VigieEvent } from '../events.ts'
import type { Entry } from '../ports.ts'
import { type ActNeeds, type ActWrite, needPerson, needPlan } from './acting.ts'

/** How a running hub goes on without its disk. */
export interface WithoutDisk {
  /** In force in memory, from now on. */
  readonly apply: (changes: readonly SituationChange[]) => void
  /** Releases doors, as after a change that was written. */
  readonly onActs: (changes: readonly SituationChange[]) => void
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly onFailure: (error: unknown) => void
}
/** Longer, and people wait before closed doors for a disk. */
export const DISK_PATIENCE_MS = 1_000

export interface EvacuationView {
  readonly plan: string
  readonly name: string
  /** Milliseconds since 1970, UTC; absent while it is not in force. */
  readonly since?: number
  readonly by?: string
  /** False after a restart, until a person says to release again. */
  readonly releasing?: boolean
}
export interface EvacuationStarted extends EvacuationView {
  /** Absent where the disk did not take it in time. */
  readonly revision?: number
  /** Where its row stands: `pending` is in memory only, and on its way. */
  readonly recorded: 'journal' | 'spool' | 'pending'
}

export class Evacuation {
  readonly #needs: ActNeeds
  readonly #withoutDisk: WithoutDisk | undefined

  /** @param withoutDisk only in a running hub: nobody else can release a door */
  constructor(needs: ActNeeds, withoutDisk?: WithoutDisk) {
    this.#needs = needs
    this.#withoutDisk = withoutDisk
  }

  /** @throws VigieError plan-unknown, plan-running, situation-changed; journal-unavailable where no hub runs here */
  async start(id: string, by: string): Promise<EvacuationStarted> {
    const { facts, now } = this.#needs
    const { site, situations } = facts()
    const { name } = needPlan(site.evacuationPlans, id)
    if (situations.evacuation.has(id)) throw new VigieError('plan-running', { plan: id })
    const value = { since: now(), by, releasing: true }
    const act: ActWrite = {
      at: value.since,
      expect: [{ kind: 'evacuation', key: id, present: false }],
      situations: [{ kind: 'evacuation', key: id, value }],
      events: [{ kind: 'evacuation.started', plan: id, by }],
    }
    return { plan: id, name, ...value, ...(await this.#writeOrGoOn(act)) }
  }

  /** Releases again after a restart; said while it is releasing, it goes on. @throws VigieError plan-not-running, situation-changed; journal-unavailable where no hub runs here */
  async resume(id: string, by: string): Promise<EvacuationStarted> {
    const { facts, now } = this.#needs
    const row = this.#needRunning(id)
    const name = facts().site.evacuationPlans?.find(p => p.id === id)?.name ?? id
    const value = { ...row, releasing: true }
    const act: ActWrite = {
      at: now(),
      expect: [{ kind: 'evacuation', key: id, present: true }],
      situations: [{ kind: 'evacuation', key: id, value }],
      events: [{ kind: 'evacuation.resumed', plan: id, by }],
    }
    return { plan: id, name, ...value, ...(await this.#writeOrGoOn(act)) }
  }

  /** Who is safe is forgotten with it: the journal keeps it. @throws VigieError plan-unknown, plan-not-running, situation-changed, journal-unavailable */
  async end(id: string, by: string): Promise<{ readonly plan: string; readonly revision: number }> {
    const { facts, write, now } = this.#needs
    this.#needRunning(id)
    const mustered = [...facts().situations.mustered.keys()].filter(key => key.startsWith(`${id}/`))
    const revision = await write({
      at: now(),
      expect: [{ kind: 'evacuation', key: id, present: true }],
      situations: [{ kind: 'evacuation', key: id }, ...mustered.map(key => ({ kind: 'mustered' as const, key }))],
      events: [{ kind: 'evacuation.ended', plan: id, by }],
    })
    return { plan: id, revision }
  }

  /** Somebody was seen to be safe. Said twice, the first counts. @throws VigieError plan-unknown, plan-not-running, person-unknown, situation-changed, journal-unavailable */
  async safe(id: string, person: string, by: string): Promise<{ readonly at: number; readonly revision?: number }> {
    const { facts, write, now } = this.#needs
    this.#needRunning(id)
    const pseudonym = needPerson(facts(), person)
    const key = `${id}/${pseudonym}`
    const known = facts().situations.mustered.get(key)
    if (known) return { at: known.at }
    const at = now()
    const revision = await write({
      at,
      expect: [{ kind: 'evacuation', key: id, present: true }],
      situations: [{ kind: 'mustered', key, value: { at, by } }],
      events: [{ kind: 'muster.counted', plan: id, person: pseudonym, by }],
    })
    return { at, revision }
  }

  /** Every plan of the site, in force or not. */
  list(): EvacuationView[] {
    const { site, situations } = this.#needs.facts()
    return (site.evacuationPlans ?? []).map(({ id, name }) => ({ plan: id, name, ...situations.evacuation.get(id) }))
  }

  /**
   * At the start of a hub, before the first device connects: what was releasing when it stopped, or was started while
   * none was running, stands, and releases nothing.
   */
  async pauseAll(): Promise<void> {
    const { facts, now } = this.#needs
    const running = [...facts().situations.evacuation].filter(([, row]) => row.releasing)
    if (running.length === 0) return
    const situations = running.map(([key, row]): SituationChange => {
      return { kind: 'evacuation', key, value: { ...row, releasing: false } }
    })
    const events = running.map(([plan]): EvacuationEvent => ({ kind: 'evacuation.paused', plan, by: 'hub' }))
    await this.#writeOrGoOn({ at: now(), situations, events })
  }

  #needRunning(id: string) {
    const { site, situations } = this.#needs.facts()
    const row = situations.evacuation.get(id)
    if (row) return row
    needPlan(site.evacuationPlans, id)
    throw new VigieError('plan-not-running', { plan: id })
  }

  async #writeOrGoOn(act: ActWrite): Promise<Pick<EvacuationStarted, 'revision' | 'recorded'>> {
    const without = this.#withoutDisk
    const written = Promise.resolve(this.#needs.write(act))
    if (!without) return { revision: await written, recorded: 'journal' }
    try {
      return { revision: await inTime(written), recorded: 'journal' }
    } catch (error) {
      if (isVigieError(error) && error.code !== 'journal-unavailable') throw error
      without.apply(act.situations)
      without.onActs(act.situations)
      return { recorded: await this.#spool(act, written, without, error) }
    }
  }

  /** An order to the disk that hangs may still be carried out: its row is spooled only when it is known to have failed. */
  async #spool(
    act: ActWrite,
    written: Promise<number>,
    { spool, onFailure }: WithoutDisk,
    error: unknown,
  ): Promise<'spool' | 'pending'> {
    const entries = entriesOf(act)
    const spooled = written.then(
      () => undefined,
      () => spool(entries),
    )
    spooled.catch(onFailure)
    if (error instanceof TooSlow) return 'pending'
    return spooled.then(
      () => 'spool' as const,
      () => 'pending' as const,
    )
  }
}

/** The situations go with the first row: they are written together. */
const entriesOf = ({ at, events, situations }: ActWrite): Entry[] =>
  events.map((event: VigieEvent, i) => ({ event, at, ...(i === 0 ? { situations } : {}) }))

class TooSlow extends Error {}

function inTime(written: Promise<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooSlow('no answer from the disk')), DISK_PATIENCE_MS)
    written.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
