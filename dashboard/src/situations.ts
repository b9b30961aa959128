/** What may be done about what is going on, and what it means in words. Pure. */
import type { EvacuationPlan, LockdownPlan, SituationsView } from './contract.ts'
import type { Words } from './words/types.ts'

export type ActName = 'lockdown' | 'end-lockdown' | 'evacuation' | 'resume-evacuation' | 'end-evacuation'
export interface Act {
  readonly name: ActName
  readonly plan: string
}

export const isCalm = ({ lockdowns, evacuations, awaited, breakGlass, reviews }: SituationsView): boolean =>
  lockdowns.length + evacuations.length + awaited.length + breakGlass.length + reviews.open === 0

/** What the words need to know of the site. */
export interface Plans {
  zone(id: string): { readonly name: string } | undefined
  accessPoint(id: string): { readonly name: string } | undefined
  lockdownPlan(id: string): LockdownPlan | undefined
  evacuationPlan(id: string): EvacuationPlan | undefined
}

/** Names that are written out; the rest is counted. */
const NAMED = 4

/** What confirming will do, in a sentence or three, naming zones and doors. */
export function meaningOf({ name, plan }: Act, plans: Plans, view: SituationsView | undefined, w: Words): string {
  const { situations: s } = w
  const evacuation = plans.evacuationPlan(plan)
  const release = evacuation?.release ?? []
  const doors = namesOf(release, id => plans.accessPoint(id)?.name, s)
  const zones = (ids: readonly string[] = []): string => namesOf(ids, id => plans.zone(id)?.name, s)
  switch (name) {
    case 'lockdown': {
      const known = plans.lockdownPlan(plan)
      return s.lockdownMeans(
        zones(known?.zones),
        known?.rank ?? 9,
        known?.allow?.length ?? 0,
        known?.revertAfterMinutes ?? 0,
      )
    }
    case 'end-lockdown':
      return s.endLockdownMeans
    case 'evacuation':
      return s.evacuationMeans(release.length, doors, zones(evacuation?.zones))
    case 'resume-evacuation':
      return s.resumeMeans(release.length, doors)
    case 'end-evacuation':
      return s.endEvacuationMeans(view?.evacuations.find(e => e.plan === plan)?.inside ?? 0)
  }
}

function namesOf(ids: readonly string[], nameOf: (id: string) => string | undefined, s: Words['situations']): string {
  const names = ids.map(id => nameOf(id) ?? id)
  return names.length > NAMED + 1 ? s.listed(names.slice(0, NAMED), names.length - NAMED) : s.listed(names, 0)
}
