/**
 * Somebody reads who is accounted for in an evacuation.
 *
 *   record   that it is read, by whom, and how many people it names: the list is not shown otherwise
 *   gather   who was last seen to go into a zone of the plan, who is safe, who is on duty and was seen nowhere
 *   name     names are joined now, and only here
 */
import type { Grant } from '../access/grants.ts'
import type { JournalRead } from '../events.ts'
import { type ActFacts, type Awaitable, needPlan, type Someone, zonesWithin } from './acting.ts'

export interface MusterList {
  readonly plan: string
  readonly name: string
  /** Milliseconds since 1970, UTC; absent where no evacuation of this plan is in force. */
  readonly since?: number
  /** Believed inside, and not accounted for. Longest first. */
  readonly inside: readonly (Someone & {
    readonly zone: string
    readonly since: number
    readonly accessPoint: string
  })[]
  readonly safe: readonly (Someone & { readonly at: number; readonly accessPoint?: string; readonly by?: string })[]
  /** On shift, not accounted for, and not known to be anywhere. */
  readonly onDutyUnknown: readonly Someone[]
}

interface Needs {
  readonly facts: () => ActFacts
  /** Grants that are in force at a time. */
  readonly grantsAt: (at: number) => readonly Grant[]
  readonly record: (event: JournalRead) => Awaitable<unknown>
  readonly onUnrecorded: (error: unknown) => void
  readonly now: () => number
}

export class MusterRead {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * While an evacuation is in force the list is shown even if the reading can't be recorded: people first.
   * @throws VigieError plan-unknown, journal-unavailable
   */
  async list(id: string, by: string): Promise<MusterList> {
    const { facts, record, onUnrecorded } = this.#needs
    const list = this.#gather(id, facts())
    const rows = list.inside.length + list.safe.length + list.onDutyUnknown.length
    try {
      await record({ kind: 'journal.read', by, rows })
    } catch (error) {
      if (list.since === undefined) throw error
      onUnrecorded(error)
    }
    return list
  }

  #gather(id: string, facts: ActFacts): MusterList {
    const { site, situations } = facts
    const plan = needPlan(site.evacuationPlans, id)
    const zones = zonesWithin(site, plan.zones)
    const safe = [...situations.mustered].flatMap(([key, row]) =>
      key.startsWith(`${id}/`) ? [{ pseudonym: key.slice(id.length + 1), ...row }] : [],
    )
    const found = new Set(safe.map(s => s.pseudonym))
    const inside = [...situations.position]
      .filter(([pseudonym, { zone }]) => zones.has(zone) && !found.has(pseudonym))
      .map(([pseudonym, row]) => ({ ...someone(facts, pseudonym), ...row }))
    const since = situations.evacuation.get(id)?.since
    return {
      plan: id,
      name: plan.name,
      ...(since === undefined ? {} : { since }),
      inside: inside.sort((a, b) => a.since - b.since),
      safe: safe.map(({ pseudonym, ...row }) => ({ ...someone(facts, pseudonym), ...row })).sort((a, b) => a.at - b.at),
      onDutyUnknown: this.#onDuty(facts)
        .filter(p => !found.has(p.pseudonym) && !situations.position.has(p.pseudonym))
        .map(({ pseudonym: _, ...who }) => who),
    }
  }

  #onDuty(facts: ActFacts): (Someone & { readonly pseudonym: string })[] {
    const { grantsAt, now } = this.#needs
    const ids = new Set(grantsAt(now()).flatMap(g => (g.origin === 'shift' ? [g.person] : [])))
    return [...ids].flatMap(id => {
      const pseudonym = facts.personOf(id)
      return pseudonym === undefined ? [] : [{ pseudonym, ...someone(facts, pseudonym) }]
    })
  }
}

/** Nobody is left out of the list for want of a name. */
const someone = (facts: ActFacts, pseudonym: string): Someone => facts.nameOf(pseudonym) ?? { name: pseudonym }
