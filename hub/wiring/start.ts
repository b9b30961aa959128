/**
 * How things stand when a hub starts: what is stored, and what waits in the spool because it can't be stored yet. A hub
 * that is started again while its disk fails goes on where it was: a lockdown stands, a lost badge opens nothing.
 */
import { Registry } from '../flows/registry.ts'
import { Standing } from '../flows/standing.ts'
import type { Entry, SituationChange } from '../ports.ts'
import type { Journal } from '../record/journal.ts'
import { readRegistry } from '../record/registry.ts'
import { writtenAt } from '../record/situations.ts'
import type { Db } from '../record/sql.ts'
import { factsOf, pauseEvacuations } from './acts.ts'

export interface State {
  readonly registry: Registry
  readonly standing: Standing
}

/** @param waiting rows of the spool that could not be drained */
export function stateAtStart(db: Db, waiting: readonly Entry[], now: number): State {
  const stored = readRegistry(db, now)
  const standing = new Standing(stored.situations)
  standing.merge(waiting.flatMap(entry => newerThanStored(db, entry)))
  const registry = waiting.reduce((known, entry) => withoutLost(known, entry, now), new Registry(stored, now))
  return { registry, standing }
}

/** The same rule as for a row that is drained: what was stored later stays. */
function newerThanStored(db: Db, { at, situations = [] }: Entry): SituationChange[] {
  return situations.filter(({ kind, key }) => (writtenAt(db, kind, key) ?? at) <= at)
}

function withoutLost(registry: Registry, { event }: Entry, now: number): Registry {
  return uidsIn(registry, event).reduce((known, uid) => known.withLost(uid, now), registry)
}

function uidsIn(registry: Registry, event: Entry['event']): readonly string[] {
  if (event.kind === 'badge.lost') return [registry.idOf(event.credential) ?? []].flat()
  if (event.kind !== 'person.departed') return []
  const person = registry.idOf(event.person)
  return registry.site.badges.flatMap(badge => (badge.person === person ? [badge.uid] : []))
}

interface PauseNeeds {
  readonly journal: Pick<Journal, 'op'>
  readonly db: Db
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly expiryMs: number
  readonly onFailure: (error: unknown) => void
  readonly now: () => number
}
/** Evacuations that stand wait for a person to say so again: nothing opens because a hub was started. */
export const pausedAtStart = ({ registry, standing }: State, { journal, spool, ...needs }: PauseNeeds) =>
  pauseEvacuations({
    ...needs,
    op: (name, args) => journal.op(name, args),
    facts: () => factsOf(registry, standing),
    withoutDisk: {
      ...{ apply: () => undefined, onActs: () => undefined, loseBadge: () => undefined },
      ...{ spool, onFailure: needs.onFailure },
    },
  })
