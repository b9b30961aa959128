/** The operators' side, put together: sign-in, routes, live socket, and EST for devices on the same TLS port. */
import { join } from 'node:path'
import type { DeviceState, EventPage, EventQuery, HubState, SiteView } from '../api.ts'
import type { Config } from '../config.ts'
import { DeviceEnrolled } from '../flows/device-enrolled.ts'
import type { Registry } from '../flows/registry.ts'
import { Auth } from '../http/auth.ts'
import { clientCertificate, est } from '../http/est.ts'
import { socketGate } from '../http/gate.ts'
import type { ReadModel } from '../http/ports.ts'
import { JournalReads } from '../http/reads.ts'
import { HttpServer } from '../http/server.ts'
import { Sessions } from '../http/sessions.ts'
import { Live } from '../notify/live.ts'
import { lineOf, type Names, QUIET_KINDS } from '../notify/model.ts'
import type { Authority } from '../pki/authority.ts'
import { certsOnly } from '../pki/pkcs7.ts'
import type { JournalWriter, TlsMaterial } from '../ports.ts'
import { page } from '../record/paging.ts'
import type { Db } from '../record/sql.ts'
import { accountsOf, sessionsOf } from './accounts.ts'
import { enrolmentPorts, type PerformOp } from './enrolment.ts'

export interface WebNeeds {
  readonly config: Config
  readonly db: Db
  readonly op: PerformOp
  readonly journal: JournalWriter
  readonly authority: Authority
  readonly tls: TlsMaterial
  readonly registry: () => Registry
  readonly hub: () => HubState
  readonly refusedAt: (address: string) => void
  /** Refusals per device since the start, exact at this moment. */
  readonly refusalsOf: (device: string) => DeviceState['refused']
  readonly log: { warn(details: object, words: string): void; error(details: object, words: string): void }
  readonly now: () => number
}

export interface Web {
  readonly server: HttpServer
  readonly live: Live
  /** The one-time setup token, while there is no administrator. */
  setupToken(): Promise<string | undefined>
}

const DASHBOARD = join(import.meta.dirname, '../../dashboard/dist')

export function makeWeb(needs: WebNeeds): Web {
  const { config, db, op, journal, log, now, registry } = needs
  const record = (event: Parameters<JournalWriter['append']>[0]['event']): Promise<unknown> =>
    journal.append({ event, at: now() })
  const sessions = new Sessions({
    store: sessionsOf(db, op),
    record,
    log,
    now,
    idleMs: config.sessionIdleMinutes * 60_000,
  })
  const auth = new Auth({ accounts: accountsOf(db, op), record, now })
  const names = { person: (pseudonym: string) => registry().nameOf(pseudonym) }
  const events = (query: EventQuery): Promise<EventPage> => pageOf(db, query, names)
  const reads = new JournalReads(record, log)
  const live = new Live({
    gate: socketGate(sessions),
    names,
    // Opening the live page is a reading like any other, and counted with them.
    events: async (query, operator) => {
      const found = await events(query)
      await reads.note(operator, found.events.length)
      return found
    },
    hub: needs.hub,
    now,
    log,
  })
  const server = new HttpServer({
    auth,
    sessions,
    model: counting(live.model, needs.refusalsOf),
    events,
    reads,
    health: needs.hub,
    log,
    dashboard: DASHBOARD,
    devicePlugins: [async app => est(app, estPorts(needs))],
    httpPort: config.httpPort,
    httpsPort: config.httpsPort,
    tls: needs.tls,
  })
  return { server, live, setupToken: () => auth.newSetupToken() }
}

/** The live model hears of refusals once per burst; readers get the counters as they stand. */
function counting(model: ReadModel, refusalsOf: WebNeeds['refusalsOf']): ReadModel {
  const counted = (state: DeviceState): DeviceState => ({ ...state, refused: refusalsOf(state.id) })
  return {
    site: () => model.site(),
    devices: () => model.devices().map(counted),
    device: id => {
      const state = model.device(id)
      return state && counted(state)
    },
    pointsOf: device => model.pointsOf(device),
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

/** Newest first, without the quiet kinds unless one is asked for. */
async function pageOf(db: Db, { kind, ...where }: EventQuery, names: Names): Promise<EventPage> {
  const { rows, ...more } = await page(db, { ...where, ...(kind ? { kinds: [kind] } : { except: QUIET_KINDS }) })
  return { events: rows.map(row => lineOf(row, names)), ...more }
}

/** What the plan is drawn from. */
export const siteViewOf = ({ site }: Registry): SiteView => ({
  site: site.site,
  zones: site.zones,
  devices: site.devices,
  accessPoints: site.accessPoints,
})

/** Devices as they are known before any of them has spoken. */
export function deviceStatesOf(registry: Registry, online: ReadonlySet<string>): DeviceState[] {
  const until = new Map<string, number>()
  for (const c of registry.certificates)
    if (c.revokedAt === null) until.set(c.device, Math.max(c.notAfter, until.get(c.device) ?? 0))
  return registry.devices.map(d => {
    const zone = registry.zoneOf(d.id)
    const certificateUntil = until.get(d.id)
    return {
      id: d.id,
      model: d.model,
      name: d.name,
      status: d.status,
      online: online.has(d.id),
      readings: {},
      refused: {},
      messages: 0,
      ...(zone ? { zone } : {}),
      ...(certificateUntil === undefined ? {} : { certificateUntil }),
    }
  })
}
