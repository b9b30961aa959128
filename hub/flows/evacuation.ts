/**
 * An evacuation begins, is taken up again after a restart of the hub, or ends; and people are accounted for meanwhile.
 *
 *   check    the plan is one of the site, and is in force, or is not
 *   record   its situation and its journal row, in one commit
 *   act      in the hub, whoever started it: evacuation-released.ts
 *
 * People get out whatever the disk does: where a running hub can't write, the evacuation is in force and the doors are
 * released all the same, and the row waits in the spool (without-disk.ts); the same to end it, and to count who is safe. After a restart an evacuation stands, but releases nothing until
 * a person says so again. Ending it locks nothing: each lock falls back by itself.
 */
import type { SituationChange } from '../access/situations.ts'
import { VigieError } from '../errors.ts'
import type { EvacuationEvent } from '../events.ts'
import { type ActNeeds, type ActWrite, needPerson, needPlan } from './acting.ts'
import { ActWriter, type WithoutDisk, type Written } from './without-disk.ts'

export interface EvacuationView {
  readonly plan: string
  readonly name: string
  /** Milliseconds since 1970, UTC; absent while it is not in force. */
  readonly since?: number
  readonly by?: string
  /** False after a restart, until a person says to release again. */
  readonly releasing?: boolean
}
export interface EvacuationStarted extends EvacuationView, Written {}

export class Evacuation {
  readonly #needs: ActNeeds
  readonly #writer: ActWriter

  /** @param withoutDisk only in a running hub: nobody else can release a door */
  constructor(needs: ActNeeds, withoutDisk?: WithoutDisk) {
    this.#needs = needs
    this.#writer = new ActWriter(needs.write, withoutDisk)
  }

  /**
   * Where it stands and does not release, as after a restart, whoever presses start means that it shall: it is resumed.
   * @throws VigieError plan-unknown, plan-running, situation-changed; journal-unavailable where no hub runs here
   */
  async start(id: string, by: string): Promise<EvacuationStarted> {
    const { facts, now } = this.#needs
    const { site, situations } = facts()
    const { name } = needPlan(site.evacuationPlans, id)
    const running = situations.evacuation.get(id)
    if (running?.releasing === false) return this.resume(id, by)
    if (running) throw new VigieError('plan-running', { plan: id })
    const value = { since: now(), by, releasing: true }
    const act: ActWrite = {
      at: value.since,
      expect: [{ kind: 'evacuation', key: id, present: false }],
      situations: [{ kind: 'evacuation', key: id, value }],
      events: [{ kind: 'evacuation.started', plan: id, by }],
    }
    return { plan: id, name, ...value, ...(await this.#writer.orGoOn(act)) }
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
    return { plan: id, name, ...value, ...(await this.#writer.orGoOn(act)) }
  }

  /** Who is safe is forgotten with it: the journal keeps it. @throws VigieError plan-unknown, plan-not-running, situation-changed; journal-unavailable where no hub runs here */
  async end(id: string, by: string): Promise<{ readonly plan: string } & Written> {
    const { facts, now } = this.#needs
    this.#needRunning(id)
    const mustered = [...facts().situations.mustered.keys()].filter(key => key.startsWith(`${id}/`))
    const written = await this.#writer.orGoOn({
      at: now(),
      expect: [{ kind: 'evacuation', key: id, present: true }],
      situations: [{ kind: 'evacuation', key: id }, ...mustered.map(key => ({ kind: 'mustered' as const, key }))],
      events: [{ kind: 'evacuation.ended', plan: id, by }],
    })
    return { plan: id, ...written }
  }

  /** Somebody was seen to be safe. Said twice, the first counts. @throws VigieError plan-unknown, plan-not-running, person-unknown, situation-changed; journal-unavailable where no hub runs here */
  async safe(id: string, person: string, by: string): Promise<{ readonly at: number } & Partial<Written>> {
    const { facts, now } = this.#needs
    this.#needRunning(id)
    const pseudonym = needPerson(facts(), person)
    const key = `${id}/${pseudonym}`
    const known = facts().situations.mustered.get(key)
    if (known) return { at: known.at }
    const at = now()
    const written = await this.#writer.orGoOn({
      at,
      expect: [{ kind: 'evacuation', key: id, present: true }],
      situations: [{ kind: 'mustered', key, value: { at, by } }],
      events: [{ kind: 'muster.counted', plan: id, person: pseudonym, by }],
    })
    return { at, ...written }
  }

  /** Every plan of the site, in force or not. */
  list(): EvacuationView[] {
    const { site, situations } = this.#needs.facts()
    return (site.evacuationPlans ?? []).map(({ id, name }) => ({ plan: id, name, ...situations.evacuation.get(id) }))
  }

  /**
   * At the start of a hub, before the first device connects: what was releasing when it stopped, or was started while
   * none was running, stands, and releases nothing. In memory in any case.
   * @returns what changed
   */
  async pauseAll(): Promise<readonly SituationChange[]> {
    const { facts, now } = this.#needs
    const running = [...facts().situations.evacuation].filter(([, row]) => row.releasing)
    if (running.length === 0) return []
    const situations = running.map(([key, row]): SituationChange => {
      return { kind: 'evacuation', key, value: { ...row, releasing: false } }
    })
    const events = running.map(([plan]): EvacuationEvent => ({ kind: 'evacuation.paused', plan, by: 'hub' }))
    await this.#writer.orGoOn({ at: now(), situations, events })
    return situations
  }

  #needRunning(id: string) {
    const { site, situations } = this.#needs.facts()
    const row = situations.evacuation.get(id)
    if (row) return row
    needPlan(site.evacuationPlans, id)
    throw new VigieError('plan-not-running', { plan: id })
  }
}
