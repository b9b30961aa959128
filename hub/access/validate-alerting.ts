/** Checks of rotas and escalations. Whether an account of that name exists is not the site's to know: the hub shows it. */
import { EXPECTED } from './expected.ts'
import { instantOf } from './instant.ts'
import { type Found, idsOf, references, repeated } from './problems.ts'
import type { Rota, Site } from './site.ts'

export function* ofRotas({ rotas = [] }: Site): Found {
  yield* repeated(rotas, r => r.id, 'rotas', 'id')
  for (const [i, rota] of rotas.entries()) {
    if (Number.isNaN(instantOf(`${rota.from}T00:00Z`))) yield { pointer: `/rotas/${i}/from`, expected: EXPECTED.day }
    yield* ofStandIns(rota, `/rotas/${i}/standIns`)
  }
}
function* ofStandIns({ standIns = [] }: Rota, pointer: string): Found {
  for (const [j, { from, until }] of standIns.entries()) {
    const [begins, ends] = [instantOf(from), instantOf(until)]
    if (Number.isNaN(begins)) yield { pointer: `${pointer}/${j}/from`, expected: EXPECTED.instant }
    if (Number.isNaN(ends)) yield { pointer: `${pointer}/${j}/until`, expected: EXPECTED.instant }
    else if (ends <= begins) yield { pointer: `${pointer}/${j}/until`, expected: EXPECTED.afterFrom }
  }
}

export function* ofEscalations({ escalations = [], rotas = [], zones }: Site): Found {
  const [knownZones, knownRotas] = [idsOf(zones), idsOf(rotas)]
  yield* repeated(escalations, e => e.id, 'escalations', 'id')
  for (const [i, plan] of escalations.entries()) {
    yield* references(plan.zones ?? [], `/escalations/${i}/zones`, knownZones, EXPECTED.zone)
    for (const [j, { to }] of plan.steps.entries())
      if ('onCall' in to && !knownRotas.has(to.onCall))
        yield { pointer: `/escalations/${i}/steps/${j}/to/onCall`, expected: EXPECTED.rota }
  }
}
