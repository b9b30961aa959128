/** Which plan of escalation an incident follows: one of the site's, or what every site begins with. Pure. */
import type { Escalation as Plan } from '../access/site-alerting.ts'
import type { Escalation, Incident } from './incidents.ts'

const MINUTE = 60_000

/** Where a site has no plan for an incident: who guards it, who runs the ward, who answers for all of it. */
const BUILT_IN: Escalation = {
  from: 'warning',
  steps: [
    { afterMs: 0, to: { role: 'security' } },
    { afterMs: 5 * MINUTE, to: { role: 'ward-manager' } },
    { afterMs: 10 * MINUTE, to: { role: 'administrator' } },
  ],
  rounds: 3,
  againMs: 10 * MINUTE,
}

/**
 * The plan of the nearest zone; of these one that names the kind of alert; of these the first by its id.
 * @param above zones over a zone, itself first
 */
export function escalationOf(
  { zone, kind }: Pick<Incident, 'zone' | 'kind'>,
  plans: readonly Plan[],
  above: (zone: string) => readonly string[],
): Escalation {
  const chain = zone === undefined ? [] : above(zone)
  const ranked = plans
    .filter(({ kinds }) => kinds === undefined || kinds.includes(kind))
    .map(plan => ({ plan, far: distance(plan, chain), broad: Number(plan.kinds === undefined) }))
    .filter(({ far }) => far >= 0)
    .sort((a, b) => a.far - b.far || a.broad - b.broad || (a.plan.id < b.plan.id ? -1 : 1))
  return ranked[0] ? escalation(ranked[0].plan) : BUILT_IN
}
/** Steps up to a zone of the plan; one of all zones is farther than any; -1: it is not for here. */
function distance({ zones }: Plan, chain: readonly string[]): number {
  return zones ? chain.findIndex(z => zones.includes(z)) : chain.length
}
const escalation = ({ from = 'warning', steps, rounds = 3, againAfterMinutes = 10 }: Plan): Escalation => ({
  ...{ from, rounds, againMs: againAfterMinutes * MINUTE },
  steps: steps.map(({ afterMinutes, to }) => ({ afterMs: afterMinutes * MINUTE, to })),
})
