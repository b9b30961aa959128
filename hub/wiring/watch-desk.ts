/** What is watched for at this site, and who is on call, as the pages show it. */
import type { OnCallList, OnCallTurn, ScenarioList, ScenarioView } from '../api.ts'
import type { WatchDesk } from '../http/incident-ports.ts'
import { incidentsSince } from '../record/incidents.ts'
import { operatorRows } from '../record/operators-admin.ts'
import { turn } from '../record/paging.ts'
import { item } from '../record/registry.ts'
import type { Incident } from '../rules/incidents.ts'
import { type Turn, turnsFrom } from '../rules/on-call.ts'
import { ScenarioCounts, WEEK_MS } from '../rules/scenario-counts.ts'
import type { Scenario } from '../rules/scenarios.ts'
import { inForce, SHIPPED } from '../rules/shipped-scenarios.ts'
import type { Works } from './maintenance.ts'
import { takes } from './messages.ts'
import type { ServiceNeeds } from './services.ts'

const WEEKS = 4
const TURNS = 4
const SLICE = 200
/** What was counted is shown for so long: a page that is left open costs nothing. */
const FRESH_MS = 60_000

type Needs = Pick<ServiceNeeds, 'db' | 'registry' | 'now'>

export function watchDesk(needs: Needs, works: Pick<Works, 'desk'>): WatchDesk {
  const { db, registry, now } = needs
  let counted: { readonly at: number; readonly counts: Promise<ScenarioCounts> } | undefined
  const counts = (): Promise<ScenarioCounts> => {
    if (counted === undefined || now() - counted.at >= FRESH_MS) counted = { at: now(), counts: count(needs) }
    return counted.counts
  }
  return {
    maintenance: works.desk,
    scenarios: async (): Promise<ScenarioList> => {
      const weeks = await counts()
      const view = (scenario: Scenario): ScenarioView => {
        const revision = item(db, 'scenario', scenario.id)?.revision ?? 0
        const { id, name, enabled = true } = scenario
        const namedHere = SHIPPED.find(s => s.id === id)?.name !== name
        const more = { enabled, origin: originOf(id, revision), revision, scenario, weeks: weeks.of(id) }
        return { id, name, namedHere, ...more }
      }
      return { scenarios: inForce(registry().site.scenarios ?? []).map(view) }
    },
    onCall: (): OnCallList => {
      const { site, snapshot } = registry()
      const accounts = operatorRows(db).filter(row => takes(row, undefined, site.zones) || row.zones !== null)
      const names = new Map(accounts.filter(row => row.status === 'active').map(({ login, name }) => [login, name]))
      const named = (one: Turn): OnCallTurn => {
        const name = names.get(one.login)
        return { ...one, ...(name !== undefined && { name }) }
      }
      const turns = (rota: Parameters<typeof turnsFrom>[0]) => turnsFrom(rota, now(), snapshot.clock, TURNS).map(named)
      return { rotas: (site.rotas ?? []).map(r => ({ id: r.id, name: r.name, turns: turns(r) })) }
    },
  }
}

function originOf(id: string, revision: number): ScenarioView['origin'] {
  if (!SHIPPED.some(s => s.id === id)) return 'site'
  return revision === 0 ? 'shipped' : 'changed'
}

async function count({ db, now }: Needs): Promise<ScenarioCounts> {
  const counts = new ScenarioCounts(now(), WEEKS)
  for (let after = 0; ; ) {
    const rows = incidentsSince(db, { since: now() - WEEKS * WEEK_MS, after, limit: SLICE })
    for (const { body } of rows) counts.add(JSON.parse(body) as Incident)
    const last = rows.at(-1)
    if (!last) return counts
    after = last.number
    await turn()
  }
}
