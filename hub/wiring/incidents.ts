/**
 * Scenarios at work: every row after it is on disk, and the clock; incidents as they stand on disk. After a restart the last
 * hour is read again, so that what was waited for is waited for still, and what came since the last conclusion is concluded.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import type { IncidentView } from '../api.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import { IncidentsRaised, type IncidentWrite } from '../flows/incident-raised.ts'
import type { IncidentAsk, IncidentDesk } from '../http/incident-ports.ts'
import { contactRoutes } from '../http/routes/contact.ts'
import { incidentRoutes } from '../http/routes/incidents.ts'
import { watchRoutes } from '../http/routes/watch.ts'
import { armedZones, type IncidentRow, incident, incidents, openIncidents } from '../record/incidents.ts'
import { operatorRow, operatorRows } from '../record/operators-admin.ts'
import { SCENARIOS_SEQ } from '../record/ops-incidents.ts'
import { events, lastSeq } from '../record/reading.ts'
import { meta } from '../record/site.ts'
import { escalationOf } from '../rules/escalations.ts'
import { acted, type Incident } from '../rules/incidents.ts'
import type { Role } from '../rules/roles.ts'
import { type Conclusion, ScenarioEngine } from '../rules/scenario-engine.ts'
import { inForce } from '../rules/shipped-scenarios.ts'
import { within } from '../rules/zones.ts'
import { Arming } from './arming.ts'
import { looking } from './looking.ts'
import { Works } from './maintenance.ts'
import { messageRow, takes } from './messages.ts'
import type { LaterNeeds, Service } from './services.ts'
import { siteNow } from './site-now.ts'
import { type Telling, telling } from './telling.ts'
import { watchDesk } from './watch-desk.ts'

const MINUTE = 60_000
/** Of rows read again at a start: no scenario that is shipped waits longer. */
const BACK_MS = 60 * MINUTE
const BACK_ROWS = 50_000
const SLICE = 500
const DAY = 24 * 60 * MINUTE
/** Resolved incidents; what they were is in the journal for as long as that is kept. */
const KEPT_MS = 365 * DAY
/** An order to a lamp that comes later lights nothing. */
const EXPIRY_MS = 5_000
/** How far conclusions are, written down so often where nothing came of them. */
const NOTED_MS = MINUTE

export function incidentService(needs: LaterNeeds): Service {
  const { db, op, registry, log, now, observe, command, closing, publish, tell } = needs
  const arming = new Arming({ db, op, publish, changed: zone => engine.armingChanged(zone) })
  const works = new Works({
    ...{ db, op, publish, now, registry },
    changed: () => {
      engine.askAgain(now())
      eyes.plan()
    },
  })
  const site = siteNow(registry, arming.zones, works)
  let ruled = registry().site
  const engine = new ScenarioEngine(site, inForce(ruled.scenarios ?? []))
  const teller = telling(needs)
  const flow = new IncidentsRaised(
    {
      above: site.above,
      escalation: of => escalationOf(of, registry().site.escalations ?? [], site.above),
      ...{ lamps: site.lamps, sirens: site.sirens, trusted: site.trusted },
      lock: zone => closing.callBack(site.below(zone)),
      lockdown: (plan, scenario) => lockdownBegins(needs, plan, `scenario:${scenario}`),
      arm: (zone, isArmed, scenario, at) => arming.wish(zone, { isArmed, at, by: `scenario:${scenario}` }),
      command: (device, order) =>
        command(device, { id: randomUUID(), expiresAt: new Date(now() + EXPIRY_MS).toISOString(), ...order }),
      put: async write => {
        const { messages = [], ...rest } = write
        const args = { ...rest, incident: rowOf(write.incident), messages: messages.map(messageRow) }
        for (const row of await op('putIncident', args)) publish(row)
        if (messages.length > 0) teller.plan()
      },
      messages: (...of) => teller.messages(...of),
      changed: () => undefined,
      newId: () => `in-${randomBytes(8).toString('hex')}`,
      onFailure: error => log.error({ cause: causeOf(error) }, 'an incident could not be written yet'),
    },
    openIncidents(db).map(incidentIn),
  )
  let seen = 0
  let notedAt = 0
  let forgottenAt = 0
  let startedAt = 0
  const take = (row: Parameters<ScenarioEngine['take']>[0] & { readonly seq: number }, acts = true): void => {
    for (const conclusion of engine.take(row)) conclude(conclusion, acts)
    seen = Math.max(seen, row.seq)
  }
  function conclude(conclusion: Conclusion, acts: boolean): void {
    flow.conclude(conclusion, acts)
    if (conclusion.what === 'flapping') void tell({ kind: 'scenario.flapping', scenario: conclusion.scenario.id })
  }
  /** Somebody may have changed them; the grants and badges that change all day leave them as they are. */
  function follow(at: number): void {
    const { site: now } = registry()
    if (now === ruled) return
    const isSame = now.scenarios === ruled.scenarios && JSON.stringify(now.site) === JSON.stringify(ruled.site)
    ruled = now
    if (isSame) return
    engine.use(inForce(now.scenarios ?? []))
    engine.clockFrom(at)
  }
  const look = async (): Promise<void> => {
    const at = now()
    follow(at)
    for (const conclusion of engine.tick(at)) conclude(conclusion, conclusion.at >= startedAt)
    flow.escalate(at)
    await Promise.all([flow.settle(), arming.settle(), works.look(at)])
    if (at - notedAt < NOTED_MS || flow.waiting + arming.waiting > 0) return
    notedAt = at
    await op('scenariosSeen', { seq: seen })
    if (at - forgottenAt < DAY) return
    forgottenAt = at
    await op('forgetIncidents', { before: at - KEPT_MS })
  }
  const nextAt = (): number => Math.min(engine.nextAt() ?? Number.POSITIVE_INFINITY, flow.nextAt(), works.nextAt())
  const eyes = looking({ look, nextAt, log, words: 'scenarios could not be looked at', now })

  /** What people did then is done: it begins again when it comes again. */
  function settled(event: VigieEvent): void {
    if (event.kind === 'zone.armed' || event.kind === 'zone.disarmed') engine.armingChanged(event.zone)
    if (event.kind !== 'incident.resolved') return
    const row = incident(db, event.incident)
    for (const s of row ? incidentIn(row).signals : []) engine.forget(s.scenario, s.subject)
  }
  /** Rows from before the last conclusion say what was waited for; those after it are concluded, and light nothing. */
  function catchUp(): void {
    const end = lastSeq(db)
    const concluded = Number(meta(db, SCENARIOS_SEQ) ?? end)
    const since = now() - BACK_MS
    for (let after = Math.max(0, end - BACK_ROWS); ; ) {
      const rows = events(db, { after, limit: SLICE })
      for (const row of rows) {
        if (row.at >= since || row.seq > concluded) settled(row.event)
        if (row.seq > concluded) take(row, false)
        else if (row.at >= since) engine.take(row)
      }
      const last = rows.at(-1)
      if (!last) break
      after = last.seq
    }
    seen = Math.max(seen, concluded)
    startedAt = now()
    // Times of the day that passed while the hub was off: the zones are armed, the lamps stay as they are.
    engine.clockFrom(Math.max(lastBefore(db, end), startedAt - DAY))
  }
  return {
    plugins: [
      incidentRoutes(desk({ needs, flow, engine, arming, teller, planned: () => eyes.plan() })),
      contactRoutes(teller.desk),
      watchRoutes(watchDesk(needs, works)),
    ],
    start: () => {
      catchUp()
      observe('scenarios', ({ event, at, seq }) => {
        follow(now())
        take({ event, at, seq })
        eyes.plan()
      })
      eyes.start()
      teller.start()
    },
    stop: async () => {
      await eyes.stop()
      await teller.stop()
    },
  }
}

/** Also where the disk fails: a lockdown closes. One that is in force already is as it should be. */
async function lockdownBegins({ closing, log }: LaterNeeds, plan: string, by: string): Promise<void> {
  try {
    await closing.lockdown(plan, by)
  } catch (error) {
    const isRunning = error instanceof VigieError && error.code === 'plan-running'
    if (!isRunning) log.error({ cause: causeOf(error), plan }, 'a scenario could not begin its lockdown')
  }
}

/** When the hub last wrote of anything before it started, as far as that stands near the end; 0: never. */
function lastBefore(db: LaterNeeds['db'], end: number): number {
  const rows = events(db, { after: Math.max(0, end - SLICE), limit: SLICE })
  const start = rows.findLastIndex(row => row.event.kind === 'hub.started')
  return rows[start === -1 ? rows.length - 1 : start - 1]?.at ?? 0
}

interface DeskNeeds {
  readonly needs: LaterNeeds
  readonly flow: IncidentsRaised
  readonly engine: ScenarioEngine
  readonly arming: Arming
  readonly teller: Pick<Telling, 'told'>
  readonly planned: () => void
}

function desk({ needs, flow, engine, arming, teller, planned }: DeskNeeds): IncidentDesk {
  const { db, registry, now } = needs
  const one = (id: string, reach: IncidentAsk['reach']): Incident => {
    const row = incident(db, id)
    if (!row || !within(reach, row.zone ?? undefined)) throw new VigieError('incident-unknown', { incident: id })
    return incidentIn(row)
  }
  const scenarioNamed = (by: string): string | undefined =>
    inForce(registry().site.scenarios ?? []).find(s => by === `scenario:${s.id}`)?.name
  const view = (i: Incident): IncidentView => {
    const named = new Set(i.history.flatMap(({ by, to }) => [by ?? '', to ?? '']))
    const known = [...named].map(p => [p, registry().nameOf(p)?.name ?? ''] as const)
    return { ...i, names: Object.fromEntries(known.filter(([, name]) => name !== '')) }
  }
  return {
    list: ({ limit, ...query }, reach) => {
      const rows = incidents(db, { ...query, limit: limit + 1, ...(reach !== undefined && { zones: [...reach] }) })
      const more = rows.length > limit
      const page = rows.slice(0, limit)
      const next = more ? page.at(-1)?.number : undefined
      return { incidents: page.map(row => view(incidentIn(row))), ...(next !== undefined && { next }) }
    },
    view: (id, reach) => ({ ...view(one(id, reach)), messages: teller.told(id) }),
    act: async (id, act, { by, reach, expected, comment }) => {
      one(id, reach)
      const at = now()
      const done = await flow.act(id, expected, before => {
        const incident = acted(before, act, by, at)
        if (typeof incident === 'string') throw new VigieError(incident, { incident: id })
        const event = {
          ...KINDS[act.do],
          incident: id,
          by,
          ...zoneOf(before),
          ...said(act),
          ...(comment && { comment }),
        }
        return { incident, event, at }
      })
      if (act.do === 'resolve') for (const s of done.incident.signals) engine.forget(s.scenario, s.subject)
      planned()
      return { ...done, incident: view(done.incident) }
    },
    assignees: (id, reach) => {
      const { zone } = one(id, reach)
      const takers = operatorRows(db).filter(row => takes(row, zone, registry().site.zones))
      return { operators: takers.map(({ login, name, role }) => ({ login, name, role: role as Role })) }
    },
    assignee: (login, id) => {
      const account = operatorRow(db, login)
      if (account?.status !== 'active') throw new VigieError('operator-unknown', { login })
      if (!takes(account, incident(db, id)?.zone ?? undefined, registry().site.zones))
        throw new VigieError('assignee-without-alerts', { login, incident: id })
      return account.id
    },
    armed: reach => ({
      zones: armedZones(db)
        .filter(z => within(reach, z.zone))
        .map(z => {
          const name = registry().nameOf(z.by)?.name ?? scenarioNamed(z.by)
          return { ...z, ...(name !== undefined && { name }) }
        }),
    }),
    arm: async (zone, isArmed, { by, reach }) => {
      if (!registry().site.zones.some(z => z.id === zone) || !within(reach, zone))
        throw new VigieError('zone-unknown', { zone })
      const row = await arming.set(zone, { at: now(), isArmed, by })
      return { zone, armed: isArmed, changed: row !== undefined }
    },
  }
}
const KINDS = {
  acknowledge: { kind: 'incident.acknowledged' },
  assign: { kind: 'incident.assigned' },
  resolve: { kind: 'incident.resolved' },
  snooze: { kind: 'incident.snoozed' },
} as const
const zoneOf = ({ zone }: Pick<Incident, 'zone'>) => (zone === undefined ? {} : { zone })
function said(act: Parameters<typeof acted>[1]) {
  if (act.do === 'assign') return { assignee: act.to }
  if (act.do === 'resolve') return { finding: act.finding }
  return act.do === 'snooze' ? { until: act.until } : {}
}

const incidentIn = ({ body }: Pick<IncidentRow, 'body'>): Incident => JSON.parse(body) as Incident
const rowOf = (i: IncidentWrite['incident']) => ({
  ...{ id: i.id, state: i.state, severity: i.severity, at: i.at, lastAt: i.lastAt, revision: i.revision },
  ...{ zone: i.zone ?? null, nextStepAt: i.nextStepAt ?? null, body: JSON.stringify(i) },
})
