/**
 * What is going on, as pages show it: worked out from the very rows that decisions are made from, so that the two can't
 * part, whoever changed them and whatever was missed. Pure; a few microseconds on a calm site.
 */
import type { SiteView, SituationsView } from '../api.ts'
import type { Situations } from '../ports.ts'
import { type Reach, within, zonesBelow } from '../rules/zones.ts'
import { byName, type Names } from './model.ts'

type Known = Pick<SiteView, 'zones' | 'accessPoints' | 'evacuationPlans' | 'lockdownPlans'>

/** Nothing is going on. */
export const CALM_VIEW: SituationsView = {
  lockdowns: [],
  evacuations: [],
  awaited: [],
  breakGlass: [],
  reviews: { open: 0, overdue: 0 },
}

/**
 * @param now hub time, ms: what is over, but not taken away yet, is left out
 * @param reach who looks: what lies in their zones, and every plan that concerns one of them
 */
export function viewOf(situations: Situations, site: Known, names: Names, now: number, reach?: Reach): SituationsView {
  const concerns = (plans: readonly { readonly id: string; readonly zones: readonly string[] }[], plan: string) =>
    reach === undefined || plans.some(p => p.id === plan && p.zones.some(zone => reach.has(zone)))
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
      .filter(([plan, row]) => row.until > now && concerns(site.lockdownPlans, plan))
      .map(([plan, { since, until, by }]) => ({ plan, since, until, ...byOf(by) })),
    evacuations: sorted(situations.evacuation)
      .filter(([plan]) => concerns(site.evacuationPlans, plan))
      .map(([plan, { since, by, releasing }]) => ({
        plan,
        since,
        ...byOf(by),
        releasing,
        ...musterCounts(situations, site, plan, reach),
      })),
    awaited: sorted(situations.witness)
      .filter(([, row]) => row.until > now)
      .map(([, { accessPoint, person, since, until }]) => ({ ...place(accessPoint, person), since, until }))
      .filter(there => within(reach, there.zone)),
    breakGlass: sorted(situations['break-glass'])
      .filter(([, row]) => row.until > now)
      .map(([key, { id, since, until }]) => {
        const [person = '', accessPoint = ''] = key.split('/')
        return { ...place(accessPoint, person), id, since, until }
      })
      .filter(there => within(reach, there.zone)),
    reviews: reviewCounts(situations, now, reach),
  }
}

/** Oldest first; of the same moment by key, so that two looks at the same rows say the same. */
const sorted = <R extends { readonly since: number }>(rows: ReadonlyMap<string, R>): [string, R][] =>
  [...rows].sort(([a, x], [b, y]) => x.since - y.since || (a < b ? -1 : 1))

function reviewCounts({ review }: Situations, now: number, reach: Reach): SituationsView['reviews'] {
  const open = [...review.values()].filter(row => within(reach, row.zone))
  return { open: open.length, overdue: open.filter(row => row.dueAt <= now).length }
}

/** Who is accounted for counts as safe and no longer as inside, wherever a door saw them last. */
function musterCounts(
  situations: Situations,
  site: Known,
  plan: string,
  reach: Reach,
): { inside: number; safe: number } {
  const zones = zonesBelow(site.zones, site.evacuationPlans.find(p => p.id === plan)?.zones ?? [])
  const safe = [...situations.mustered.keys()].filter(key => key.startsWith(`${plan}/`)).length
  let inside = 0
  for (const [person, { zone }] of situations.position)
    if (zones.has(zone) && within(reach, zone) && !situations.mustered.has(`${plan}/${person}`)) inside += 1
  return { inside, safe }
}
