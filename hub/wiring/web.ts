/** The operators' side, put together: sign-in, routes, live socket, and EST for devices on the same TLS port. */
import { join } from 'node:path'
import type { DeviceState, EventPage, EventQuery, HubState, SiteView, SituationsView, Trust } from '../api.ts'
import type { Config } from '../config.ts'
import { causeOf } from '../errors.ts'
import type { EventKind, Recorded } from '../events.ts'
import { DeviceEnrolled } from '../flows/device-enrolled.ts'
import type { PersonDeparted } from '../flows/person-departed.ts'
import type { Registry } from '../flows/registry.ts'
import { Auth } from '../http/auth.ts'
import { clientCertificate, est } from '../http/est.ts'
import { socketGate } from '../http/gate.ts'
import { LOCAL_SOCKET } from '../http/local-door.ts'
import type { FastifyPluginAsync } from '../http/plugin.ts'
import type { ReadModel } from '../http/ports.ts'
import { JournalReads } from '../http/reads.ts'
import { Refused } from '../http/refused.ts'
import { operatorRoutes } from '../http/routes/operators.ts'
import { ownAccessRoutes } from '../http/routes/own-access.ts'
import { questionRoutes } from '../http/routes/questions.ts'
import { type HttpOptions, HttpServer } from '../http/server.ts'
import { SessionSteps } from '../http/session-steps.ts'
import { Sessions } from '../http/sessions.ts'
import { Places } from '../http/within-zones.ts'
import { Live } from '../notify/live.ts'
import { lineOf, type Names, QUIET_KINDS } from '../notify/model.ts'
import { viewOf } from '../notify/situations.ts'
import type { Authority } from '../pki/authority.ts'
import { certsOnly } from '../pki/pkcs7.ts'
import type { Entry, JournalWriter, Situations, TlsMaterial } from '../ports.ts'
import { operatorById } from '../record/accounts.ts'
import { page } from '../record/paging.ts'
import { lastSeq, events as rows } from '../record/reading.ts'
import type { Db } from '../record/sql.ts'
import type { Reach } from '../rules/zones.ts'
import { accountsOf, sessionsOf } from './accounts.ts'
import { factsOf, type WithoutDisk } from './acts.ts'
import { departing } from './departing.ts'
import { directoryOf } from './directory.ts'
import { enrolmentPorts, type PerformOp } from './enrolment.ts'
import { movementPlugins } from './movements.ts'
import { operatorActs } from './operator-acts.ts'
import { linkMailer, operatorAdmin } from './operators.ts'
import { peopleFinder } from './people-found.ts'
import { providerSignIn } from './provider.ts'
import { type Asking, journaled } from './questions.ts'
import { recorder } from './recorder.ts'
import { scim } from './scim.ts'
import { workstations } from './stations.ts'
import { Suspended } from './suspended.ts'
import { withTenants } from './tenant-lines.ts'
import { connected } from './tenants.ts'
import { programs } from './tokens.ts'
import { visitPlugin } from './visits.ts'

export interface WebNeeds {
  readonly config: Config
  readonly db: Db
  readonly op: PerformOp
  readonly journal: JournalWriter
  readonly authority: Authority
  readonly tls: TlsMaterial
  readonly registry: () => Registry
  readonly situations: () => Situations
  /** Where rows wait that the journal could not take. */
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  /** How acts go on where the disk does not answer. */
  readonly withoutDisk?: WithoutDisk
  /** Routes of what runs beside the doors. */
  readonly plugins?: HttpOptions['plugins']
  /** Works out answers about rights. */
  readonly asking?: Asking
  readonly hub: () => HubState
  readonly refusedAt: (address: string) => void
  /** Refusals per device since the start, exact at this moment. */
  readonly refusalsOf: (device: string) => DeviceState['refused']
  readonly foundBehind: ReadModel['foundBehind']
  readonly log: { warn(details: object, words: string): void; error(details: object, words: string): void }
  readonly now: () => number
}

export interface Web {
  readonly server: HttpServer
  readonly live: Live
  /** Of every row as it is recorded. */
  observe(recorded: Recorded): void
  /** The one-time setup token, while there is no administrator. */
  setupToken(): Promise<string | undefined>
  /** As an operator would. @throws VigieError */
  startLockdown(plan: string, by: string): Promise<unknown>
}

const DASHBOARD = join(import.meta.dirname, '../../dashboard/dist')

export function makeWeb(needs: WebNeeds): Web {
  const { config, db, op, journal, log, now, registry } = needs
  const record = (event: Parameters<JournalWriter['append']>[0]['event']): Promise<unknown> =>
    journal.append({ event, at: now() })
  const keep = recorder({
    journal,
    spool: needs.spool,
    now,
    onFailure: error => log.error({ cause: causeOf(error) }, 'a sign-in or sign-out could not be recorded yet'),
  })
  const suspended = new Suspended(id => operatorById(db, id)?.status === 'active')
  const sessions = new Sessions({
    store: sessionsOf(db, op, suspended.has),
    record: keep,
    log,
    now,
    idleMs: config.sessionIdleMinutes * 60_000,
  })
  const auth = new Auth({ accounts: accountsOf(db, op, suspended.has), record: keep, log, now })
  const provider = providerSignIn({ config, db, op, auth, sessions, record: keep, log, now })
  const refused = new Refused(keep, now)
  const names = namesOf(registry, db)
  const events = (query: EventQuery): Promise<EventPage> => pageOf(db, query, names)
  const reads = new JournalReads(record, log)
  const situations = (reach: Reach): SituationsView =>
    viewOf(needs.situations(), siteViewOf(registry()), names, now(), reach)
  const live = new Live({
    gate: socketGate(sessions, refused),
    names,
    // Opening the live page is a reading like any other, and counted with them.
    events: async (query, operator) => {
      const found = await events(query)
      await reads.note(operator, found.events.length)
      return found
    },
    hub: needs.hub,
    situations,
    acted: after => actedAfter(db, after),
    now,
    log,
  })
  const mail = linkMailer(config, log)
  const operators = operatorAdmin({
    ...{ db, op, now, ...(mail && { mail }) },
    zones: () => registry().site.zones,
    inForce: () => undefined, // `op` resolves when the hub decides by what it wrote
    endSessions: operator => sessions.endAllOf(operator),
  })
  const places = new Places(() => live.model.site())
  const zones = () => live.model.site().zones
  const facts = () => factsOf(registry(), needs.situations())
  const inForce = () => undefined // `op` resolves when the hub decides by what it wrote
  const endSessions = (operator: string): Promise<void> => sessions.closeAllOf(operator)
  const tenants = connected({ db, op, facts, inForce, names, now, grantRate: config.tokenRate })
  const { plugins, ...forPrograms } = programs({
    tenants: tenants.tokens,
    isSuspended: suspended.has,
    desk: tenants.desk,
    config,
    db,
    op,
    names,
    sessions,
    reads,
    record: keep,
    zones,
    log,
    now,
  })
  const stations = workstations({
    ...{ db, op, registry, names, sessions, log, now },
    accounts: auth.accounts,
    steps: new SessionSteps(auth, sessions, provider?.name),
    record: recorder({
      ...{ journal, now, spool: needs.spool, notify: recorded => live.observe(recorded) },
      onFailure: error => log.error({ cause: causeOf(error) }, 'what happened at a workstation could not be recorded'),
    }),
  })
  const acts = operatorActs({
    ...{ db, op, situations, names, now, facts, inForce, endSessions },
    expiryMs: config.unlockExpiryMs,
    suspend: suspended.add,
    onFailure: error => log.error({ cause: causeOf(error) }, 'an act could not be recorded yet'),
    ...(needs.withoutDisk && { withoutDisk: needs.withoutDisk }),
  })
  const ending = { facts, inForce, endSessions, suspend: suspended.add }
  const departures = departing({ ...{ db, op, now, withoutDisk: needs.withoutDisk }, ...ending })
  const server = new HttpServer({
    auth,
    sessions,
    ...(provider && { provider }),
    model: counting(live.model, needs),
    events,
    reads,
    health: needs.hub,
    refused,
    now,
    acts,
    log,
    dashboard: DASHBOARD,
    ...forPrograms,
    tenants,
    plugins: [
      ...plugins,
      ...tenants.plugins,
      ...(needs.plugins ?? []),
      operatorRoutes(operators),
      stations.plugin,
      directoryRoutes(needs, departures, endSessions),
      visitPlugin({ db, op, registry, names, departures, log, now }),
      ...movementPlugins({ db, op, registry, names, departures, acts, operators, log, now }),
      ...(needs.asking
        ? [
            questionRoutes(
              journaled(needs.asking, (by, rows) => reads.note(by, rows)),
              places,
              peopleFinder(() => registry().site),
            ),
            ownAccess(needs.asking, auth.accounts),
          ]
        : []),
    ],
    devicePlugins: [async app => est(app, estPorts(needs))],
    socketFile: join(config.dataDir, LOCAL_SOCKET),
    httpPort: config.httpPort,
    httpsPort: config.httpsPort,
    tls: needs.tls,
  })
  const observe = (recorded: Recorded): void => {
    live.observe(recorded)
    stations.observe(recorded)
  }
  const { startLockdown } = acts
  return { server, live, observe, setupToken: () => auth.newSetupToken(), startLockdown }
}

/** The hospital's directory provisions people and accounts by SCIM. */
function directoryRoutes(
  { config, db, op, log, now, registry }: WebNeeds,
  departures: PersonDeparted,
  endSessions: (operator: string) => unknown,
): FastifyPluginAsync {
  return scim({
    ...{ db, op, log, now, departures, endSessions },
    map: () => directoryOf(config, log).map(),
    site: () => ({ revision: registry().revision, roles: new Set(registry().site.roles.map(({ id }) => id)) }),
  })
}

function ownAccess(asking: Asking, accounts: Auth['accounts']): FastifyPluginAsync {
  return ownAccessRoutes({
    personOf: async id => (await accounts.byId(id))?.person,
    may: async person => (await asking.may({ person })).answer,
  })
}

/** The live model hears of refusals once per burst; readers get the counters as they stand. */
function counting(
  model: Omit<ReadModel, 'foundBehind'>,
  { refusalsOf, foundBehind }: Pick<WebNeeds, 'refusalsOf' | 'foundBehind'>,
): ReadModel {
  const counted = (state: DeviceState): DeviceState => ({ ...state, refused: refusalsOf(state.id) })
  return {
    site: () => model.site(),
    devices: () => model.devices().map(counted),
    device: id => {
      const state = model.device(id)
      return state && counted(state)
    },
    pointsOf: device => model.pointsOf(device),
    foundBehind,
  }
}

function estPorts(needs: WebNeeds): Parameters<typeof est>[1] {
  const flow = new DeviceEnrolled(enrolmentPorts(needs))
  return {
    caChain: () => needs.authority.caChain(),
    enrol: async (device, code, csr) => certsOnly([(await flow.enrol(device, code, csr)).certPem]),
    reenrol: async (serial, commonName, csr) => certsOnly([(await flow.reenrol(serial, commonName, csr)).certPem]),
    clientCertificate,
    refused: address => needs.refusedAt(address),
    now: needs.now,
  }
}

/** Newest first, without what whoever asks may not see, and without the quiet kinds unless one is asked for. */
async function pageOf(db: Db, { kind, except = [], ...where }: EventQuery, names: Names): Promise<EventPage> {
  const asked = kind ? { kinds: [kind], except } : { except: [...QUIET_KINDS, ...except] }
  const { rows, ...more } = await page(db, { ...where, ...asked })
  return { events: rows.map(row => lineOf(row, names)), ...more }
}

/** Kinds of rows that acts write together with what they change, past the journal's own way to its observers. */
const ACTED: readonly EventKind[] = [
  'lockdown.started',
  'lockdown.ended',
  'evacuation.started',
  'evacuation.resumed',
  'evacuation.ended',
  'muster.counted',
  'break-glass.ended',
  'break-glass.review-closed',
  'grant.issued',
  'grant.revoked',
  'badge.lost',
  'person.departed',
  'pin.set',
  'pin.cleared',
  'passback.reset',
  'interlock.reset',
  'rights.changed',
  'operator.linked',
  'movement.filed',
  'movement.changed',
  'movement.task-done',
  'movement.task-reopened',
  'movement.done',
  'movement.cancelled',
  'visit.announced',
  'visit.changed',
  'visit.ended',
  'visit.cancelled',
  'approval.asked',
  'approval.given',
  'approval.refused',
  'approval.withdrawn',
  'approval.expired',
  'approval.failed',
  'station.paired',
  'station.unpaired',
  'webhook.dead',
  'webhook.paused',
  'device.added',
  'device.code',
  'device.enrolled',
  'device.renewed',
  'device.revoked',
]
/** An act is looked for among the newest rows only: it was written a moment ago. */
const LOOK_BACK_ROWS = 2_000

/** Rows of acts above a seq, oldest first, and the newest seq looked at. */
function actedAfter(db: Db, after: number): { readonly rows: readonly Recorded[]; readonly seq: number } {
  const seq = lastSeq(db)
  const from = Math.max(after, seq - LOOK_BACK_ROWS)
  return { rows: rows(db, { after: from, limit: LOOK_BACK_ROWS, kinds: ACTED }), seq }
}

/** Of people, operators and connected applications. */
const namesOf = (registry: () => Registry, db: Db): Names =>
  withTenants(db, { person: pseudonym => registry().nameOf(pseudonym) })

/** What the plan is drawn from. */
export const siteViewOf = ({ site }: Registry): SiteView => ({
  site: site.site,
  zones: site.zones,
  devices: site.devices,
  accessPoints: site.accessPoints,
  lockdownPlans: site.lockdownPlans ?? [],
  evacuationPlans: site.evacuationPlans ?? [],
})

/** Devices as they are known before any of them has spoken. */
export function deviceStatesOf(registry: Registry, online: ReadonlySet<string>): DeviceState[] {
  const until = new Map<string, number>()
  const trusts = new Map<string, Trust>()
  for (const c of registry.certificates) {
    if (c.revokedAt !== null) continue
    until.set(c.device, Math.max(c.notAfter, until.get(c.device) ?? 0))
    trusts.set(c.device, c.kind ?? 'certificate')
  }
  return registry.devices.map(d => {
    const zone = registry.zoneOf(d.id)
    // A bought device has no credential of its own: its gateway's stands for it.
    const gateway = registry.bought(d.id)?.behind.gateway
    const trust = trusts.get(gateway ?? d.id)
    const certificateUntil = trust === 'certificate' ? until.get(d.id) : undefined
    return {
      id: d.id,
      model: d.model,
      name: d.name,
      status: gateway !== undefined && trust !== undefined && d.status === 'declared' ? 'enrolled' : d.status,
      online: online.has(d.id),
      readings: {},
      refused: {},
      messages: 0,
      ...(zone ? { zone } : {}),
      ...(certificateUntil === undefined ? {} : { certificateUntil }),
      ...(trust === undefined ? {} : { trust }),
    }
  })
}
