/**
 * What is going on, as pages show it: worked out from the very rows that decisions are made from, so that the two can't
 * part, whoever changed them and whatever was missed. Pure; a few microseconds on a calm site.
 */
import type { SiteView, SituationsView } from '../api.ts'
import type { Situations } from '../ports.ts'
import { byName, type Names } from './model.ts'

type Known = Pick<SiteView, 'zones' | 'accessPoints' | 'evacuationPlans'>

/** Nothing is going on. */
export const CALM_VIEW: SituationsView = {
  lockdowns: [],
  evacuations: [],
  awaited: [],
  breakGlass: [],
  reviews: { open: 0, overdue: 0 },
}

/** @param now hub time, ms: what is over, but not taken away yet, is left out */
export function viewOf(situations: Situations, site: Known, names: Names, now: number): SituationsView {
  const place = (accessPoint: string, pseudonym: string) => {
    const zone = site.accessPoints.find(p => p.id === accessPoint)?.zone
    const person = names.person(pseudonym)
    return { accessPoint, ...(zone !== undefined && { zone }), ...(person && { person }) }
  }
  const byOf = (by: string): { by?: string } => {
    const name = byName(by, names)
    return name === undefined ? {} : { by: name }
  }
  return {
    lockdowns: sorted(situations.lockdown)
      .filter(([, row]) => row.until > now)
      .map(([plan, { since, until, by }]) => ({ plan, since, until, ...byOf(by) })),
    evacuations: sorted(situations.evacuation).map(([plan, { since, by, releasing }]) => ({
      plan,
      since,
      ...byOf(by),
      releasing,
      ...musterCounts(situations, site, plan),
    })),
    awaited: sorted(situations.witness)
      .filter(([, row]) => row.until > now)
      .map(([, { accessPoint, person, since, until }]) => ({ ...place(accessPoint, person), since, until })),
    breakGlass: sorted(situations['break-glass'])
      .filter(([, row]) => row.until > now)
      .map(([key, { id, since, until }]) => {
        const [person = '', accessPoint = ''] = key.split('/')
        return { ...place(accessPoint, person), id, since, until }
      }),
    reviews: reviewCounts(situations, now),
  }
}

/** Oldest first; of the same moment by key, so that two looks at the same rows say the same. */
const sorted = <R extends { readonly since: number }>(rows: ReadonlyMap<string, R>): [string, R][] =>
  [...rows].sort(([a, x], [b, y]) => x.since - y.since || (a < b ? -1 : 1))

function reviewCounts({ review }: Situations, now: number): SituationsView['reviews'] {
  const overdue = [...review.values()].filter(row => row.dueAt <= now)
  return { open: review.size, overdue: overdue.length }
}

/** Who is accounted for counts as safe and no longer as inside, wherever a door saw them last. */
function musterCounts(situations: Situations, site: Known, plan: string): { inside: number; safe: number } {
  const zones = zonesBelow(site, site.evacuationPlans.find(p => p.id === plan)?.zones ?? [])
  const safe = [...situations.mustered.keys()].filter(key => key.startsWith(`${plan}/`)).length
  let inside = 0
  for (const [person, { zone }] of situations.position)
    if (zones.has(zone) && !situations.mustered.has(`${plan}/${person}`)) inside += 1
  return { inside, safe }
}

/** These zones and all below them. */
function zonesBelow({ zones }: Pick<SiteView, 'zones'>, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set(ids)
  for (let size = -1; size < found.size; ) {
    size = found.size
    for (const { id, parent } of zones) if (parent !== undefined && found.has(parent)) found.add(id)
  }
  return found
}
