/**
 * A hub, started and stopped as a whole: data folder -> journal -> spool -> registry and situations -> flows -> broker ->
 * dashboard. Each step that succeeds leaves its undoing behind; stopping, or a step that fails, undoes them in reverse.
 */
import { join } from 'node:path'
import type { HubState } from './api.ts'
import { Bus } from './bus.ts'
import type { Config } from './config.ts'
import { VigieError } from './errors.ts'
import type { Recorded, VigieEvent } from './events.ts'
import { UNIDENTIFIED } from './flows/refusals.ts'
import type { Registry } from './flows/registry.ts'
import type { RegistryChanged } from './flows/registry-changed.ts'
import type { Standing } from './flows/standing.ts'
import { actingToken, entryWithToken, withToken } from './http/acting-token.ts'
import { type Authority, openAuthority } from './pki/authority.ts'
import type { Entry, TlsMaterial } from './ports.ts'
import { type DataFolder, openDatabase, openFolder, takeHubLock } from './record/database.ts'
import { Journal } from './record/journal.ts'
import { pinCheck } from './record/pins.ts'
import { lastSeq, received } from './record/reading.ts'
import { situation } from './record/situations.ts'
import { Spool } from './record/spool.ts'
import type { Db } from './record/sql.ts'
import { type Acting, makeActing } from './wiring/acts.ts'
import { type Deciding, makeDeciding } from './wiring/deciding.ts'
import { DeviceLinks } from './wiring/device-links.ts'
import { certificateLifeMs, type PerformOp } from './wiring/enrolment.ts'
import { Pulse } from './wiring/pulse.ts'
import { QuestionsThread } from './wiring/questions-thread.ts'
import { recorder, type SpoolRows, spoolRows } from './wiring/recorder.ts'
import { makeServices, type Service } from './wiring/services.ts'
import { pausedAtStart, stateAtStart } from './wiring/start.ts'
import { traced } from './wiring/tracing.ts'
import { type WatchingNeeds, watching } from './wiring/watching.ts'
import { deviceStatesOf, makeWeb, siteViewOf, type Web } from './wiring/web.ts'

export const VERSION = '0.1.0'
/** Newest journal rows read at the start, to know messages that devices may send again. */
const REMEMBERED_ROWS = 20_000
export interface HubLog {
  info(details: object, words: string): void
  warn(details: object, words: string): void
  error(details: object, words: string): void
}

export interface Ports {
  readonly mqttPort: number
  readonly httpPort: number
  readonly httpsPort: number
  /** For bought devices, where they are let in. */
  readonly boughtPort?: number
}

interface Record {
  readonly journal: Journal
  readonly db: Db
  readonly spool: SpoolRows
}

export class Hub {
  readonly #config: Config
  readonly #log: HubLog
  readonly #now = Date.now
  readonly #startedAt = Date.now()
  readonly #pulse = new Pulse()
  readonly #bus: Bus
  readonly #undo: (() => unknown)[] = []
  #registry: Registry | undefined
  #situations: Standing | undefined
  #watch: RegistryChanged | undefined
  #services: readonly Service[] = []
  #web: Web | undefined

  constructor(config: Config, log: HubLog) {
    this.#config = config
    this.#log = log
    this.#bus = new Bus((observer, error) => log.error({ observer, err: error }, 'an observer failed'))
  }

  /** @returns the ports in use and, while there is no administrator, the token of the setup link. @throws VigieError */
  async start(): Promise<Ports & { readonly setupToken: string | undefined }> {
    try {
      return await this.#boot()
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) {
      try {
        await undo()
      } catch (error) {
        this.#log.error({ err: error }, 'a part did not stop cleanly')
      }
    }
  }

  async #boot(): Promise<Ports & { readonly setupToken: string | undefined }> {
    this.#takeFolder()
    const { journal, db, folder, asking } = await this.#openRecord()
    const { spool, waiting } = await this.#openSpool({ journal, db, key: folder.key })
    const authority = await this.#openAuthority()
    await this.#readState({ journal, db, spool }, waiting)
    const tls = await this.#tlsOf(authority)
    const { deciding, broker, acting } = this.#openDevices({ journal, db, spool }, tls)
    const services = this.#makeServices({ journal, db, spool }, folder, broker, acting, deciding)
    const web = await this.#openWeb({ journal, db, spool, authority, tls, deciding, acting, asking, services })
    this.#watchRegistry({ journal, db, authority, deciding, acting, broker, web })
    const mqtt = await broker.start()
    this.#undo.push(() => broker.stop())
    const ports = await web.server.start()
    web.live.attach(web.server.servers)
    this.#undo.push(() => web.server.stop())
    const tell = this.#teller(journal, spool)
    await tell({ kind: 'hub.started', version: VERSION })
    this.#undo.push(() => tell({ kind: 'hub.stopped', version: VERSION }))
    await this.#startServices(services)
    return { ...mqtt, ...ports, setupToken: await this.#setupToken(web) }
  }

  /** Doors need no administrator: a hub whose disk fails at its very first start runs all the same. */
  async #setupToken(web: Web): Promise<string | undefined> {
    try {
      return await web.setupToken()
    } catch (error) {
      this.#log.error({ err: error }, 'no setup link could be made: start the hub again when the disk works')
      return undefined
    }
  }

  #takeFolder(): void {
    const lock = takeHubLock(this.#config.dataDir)
    if (!lock) throw new VigieError('data-in-use', { file: this.#config.dataDir })
    this.#undo.push(() => lock.release())
  }

  async #openRecord(): Promise<{ journal: Journal; db: Db; folder: DataFolder; asking: QuestionsThread }> {
    const folder = openFolder(this.#config.dataDir, this.#config.journalKey)
    const journal = new Journal(folder)
    journal.onCommit = this.#pulse.committed
    await journal.start()
    this.#undo.push(() => journal.stop())
    const db = openDatabase(folder, { readonly: true })
    this.#undo.push(
      () => db.close(),
      async () => {
        for (const service of this.#services) await service.settle?.()
      },
    )
    const asking = new QuestionsThread(folder)
    this.#undo.push(() => asking.stop())
    return { journal, db, folder, asking }
  }

  /** Before anything is read: what an earlier run left in the spool belongs to how things stand, drained or not. */
  async #openSpool({ journal, db, key }: { journal: Journal; db: Db; key: string }): Promise<{
    spool: SpoolRows
    waiting: readonly Entry[]
  }> {
    const drain = async (entries: readonly Entry[]): Promise<Recorded[]> => {
      const recorded = await journal.drain(this.#situations?.asTheyStand(entries) ?? entries)
      this.#situations?.adopt(entries, (kind, of) => situation(db, kind, of))
      return recorded
    }
    const spool = new Spool({
      dir: this.#config.dataDir,
      key,
      journal: { drain },
      onDrained: rows => rows.forEach(this.#notify),
      onTrouble: cause => this.#log.error({ cause }, 'trouble with the spool, where events wait for the journal'),
    })
    const waiting = await spool.start()
    this.#undo.push(() => spool.stop())
    const rows = spoolRows(spool, { notify: this.#notify, onFailure: this.#notWritten })
    this.#undo.push(() => rows.stop())
    return { spool: rows, waiting }
  }

  /** Situations stand as they stood; only what would open a door by itself waits for a person to say so again. */
  async #readState({ journal, db, spool }: Record, waiting: readonly Entry[]): Promise<void> {
    const { registry, standing } = stateAtStart(db, waiting, this.#now())
    this.#registry = registry
    this.#situations = standing
    journal.merged(registry.revision)
    const { unlockExpiryMs: expiryMs } = this.#config
    const needs = { journal, db, spool: spool.keep, expiryMs, onFailure: this.#notWritten, now: this.#now }
    standing.merge(await pausedAtStart({ registry, standing }, needs))
  }

  #openAuthority(): Promise<Authority> {
    return openAuthority(join(this.#config.dataDir, 'pki'), {
      now: this.#now,
      serverLifeMs: certificateLifeMs(this.#config),
    })
  }

  async #tlsOf(authority: Authority): Promise<TlsMaterial> {
    const { key, cert, notAfter } = await authority.ensureServerCertificate(this.#config.hosts)
    this.#pulse.runsOut({ server: notAfter, authority: authority.notAfter })
    return { key, cert, ca: authority.caPem, crl: await authority.crl(this.#current.revoked(this.#now())) }
  }

  get #current(): Registry {
    if (!this.#registry) throw new VigieError('internal', { id: 'registry' })
    return this.#registry
  }

  get #standing(): Standing {
    if (!this.#situations) throw new VigieError('internal', { id: 'situations' })
    return this.#situations
  }

  readonly #notify = (recorded: Recorded): void => this.#bus.publish(recorded)

  #openDevices(
    { journal, db, spool }: Record,
    tls: TlsMaterial,
  ): { deciding: Deciding; broker: DeviceLinks; acting: Acting } {
    const { mqttPort, boughtListen, deviceRate, deviceBurst, maxConnections, maxConnectionsPerAddress } = this.#config
    const common = {
      journal,
      spool: spool.add,
      registry: () => this.#current,
      link: {
        decide: (...args: Parameters<DeviceLinks['decide']>) => broker.decide(...args),
        command: (...args: Parameters<DeviceLinks['command']>) => broker.command(...args),
      },
      notify: this.#notify,
      now: this.#now,
    }
    const deciding: Deciding = makeDeciding({
      ...common,
      config: this.#config,
      situations: this.#standing,
      pinCheck: pinCheck(db),
      write: changes => journal.op('settle', { at: this.#now(), seen: this.#current.revision, situations: changes }),
      received: received(db, REMEMBERED_ROWS),
      log: this.#log,
    })
    const acting = makeActing({
      ...common,
      spool: spool.keep,
      unlocks: deciding.unlocks,
      expiryMs: this.#config.unlockExpiryMs,
      onFailure: error => this.#log.error({ err: error }, 'an order to a lock could not be recorded'),
    })
    const limits = { deviceRate, deviceBurst, maxConnections, maxConnectionsPerAddress }
    const tracing = { journal, config: this.#config, log: this.#log, undo: this.#undo }
    const edge = traced(this.#pulse.timed(deciding.edge), tracing)
    const broker: DeviceLinks = new DeviceLinks({
      ...{ edge, gatewayEdge: deciding.gatewayEdge, bought: id => this.#current.bought(id) },
      ...{ tls, port: mqttPort, boughtListen, limits, now: this.#now, log: this.#log },
    })
    deciding.start()
    this.#undo.push(
      () => deciding.stop(),
      () => acting.stop(),
    )
    return { deciding, broker, acting }
  }

  /** What an operator or an enrolment changes is in force when its answer leaves. */
  #opOf(journal: Journal): PerformOp {
    return async (name, args) => {
      const result = await journal.op(name, args, actingToken())
      await this.#watch?.look()
      return result
    }
  }

  #makeServices(record: Record, folder: DataFolder, broker: DeviceLinks, acting: Acting, deciding: Deciding) {
    const { journal, db, spool } = record
    const state = (): HubState => this.#state(journal, deciding)
    const sources = { state, queued: () => journal.waiting, spooled: spool.waiting }
    return makeServices({
      ...{ pulse: this.#pulse, sources },
      ...{ config: this.#config, folder, db, op: this.#opOf(journal) },
      record: async event => {
        const recorded = await journal.append({ event: withToken(event), at: this.#now() })
        this.#notify(recorded)
        return recorded
      },
      tell: this.#teller(journal, spool),
      registry: () => this.#current,
      names: { person: pseudonym => this.#current.nameOf(pseudonym) },
      observe: (name, observer) => void this.#bus.observe(name, observer),
      command: (device, command) => broker.command(device, command),
      closing: { callBack: acting.callBack, lockdown: async (plan, by) => this.#web?.startLockdown(plan, by) },
      ...{ publish: this.#notify, log: this.#log, now: this.#now, version: VERSION },
    })
  }

  /** Nothing here holds up a door, and none that fails keeps the hub from running. */
  async #startServices(services: readonly Service[]): Promise<void> {
    this.#services = services
    for (const service of services) {
      this.#undo.push(() => service.stop?.())
      try {
        await service.start?.()
      } catch (error) {
        this.#log.error({ err: error }, 'a service did not start')
      }
    }
  }

  async #openWeb(
    parts: Record & {
      authority: Authority
      tls: TlsMaterial
      deciding: Deciding
      acting: Acting
      asking: QuestionsThread
      services: readonly Service[]
    },
  ): Promise<Web> {
    const { journal, db, spool, authority, tls, deciding, acting, asking, services } = parts
    const web: Web = makeWeb({
      config: this.#config,
      db,
      op: this.#opOf(journal),
      plugins: services.flatMap(s => s.plugins ?? []),
      journal,
      authority,
      tls,
      registry: () => this.#current,
      situations: () => this.#standing,
      asking,
      withoutDisk: {
        apply: changes => {
          this.#standing.merge(changes)
          web.live.situationsChanged()
        },
        onActs: changes => acting.onActs(changes),
        loseBadge: (uid, changes) => this.#watch?.loseBadge(uid, changes),
        spool: entries => spool.keep(entries.map(entryWithToken)),
        onFailure: this.#notWritten,
      },
      spool: spool.keep,
      hub: () => this.#state(journal, deciding),
      refusalsOf: device => deciding.refusals.countsFor(device),
      foundBehind: deciding.foundBehind,
      refusedAt: address => deciding.refusals.refused({ address }, 'certificate'),
      log: this.#log,
      now: this.#now,
    })
    this.#web = web
    web.live.prime({
      site: siteViewOf(this.#current),
      devices: deviceStatesOf(this.#current, deciding.status.online),
      points: [],
      cursor: lastSeq(db),
    })
    this.#undo.push(() => web.live.stop())
    this.#bus.observe('live', recorded => web.observe(recorded))
    return web
  }

  #state(journal: Journal, deciding: Deciding): HubState {
    return {
      version: VERSION,
      startedAt: this.#startedAt,
      journal: journal.health,
      unidentified: deciding.refusals.countsFor(UNIDENTIFIED),
      devicesOnline: deciding.status.online.size,
      devicesKnown: this.#current.devices.length,
      ...Object.assign({}, ...this.#services.map(s => s.health?.())),
    }
  }

  /** Follows what the command line or an enrolment changes, and renews the server's own certificate in time. */
  #watchRegistry(parts: Omit<WatchingNeeds, 'use' | 'registry' | 'tls' | 'log' | 'now'>): void {
    const { watch, stop } = watching({
      ...parts,
      registry: this.#current,
      use: (registry, changes) => {
        this.#registry = registry
        this.#standing.merge(changes.situations)
      },
      tls: () => this.#tlsOf(parts.authority),
      log: this.#log,
      now: this.#now,
    })
    this.#watch = watch
    this.#undo.push(stop)
  }

  #teller(journal: Journal, spool: SpoolRows): (event: VigieEvent) => Promise<void> {
    return recorder({ journal, spool: spool.keep, notify: this.#notify, onFailure: this.#notWritten, now: this.#now })
  }

  readonly #notWritten = (error: unknown): void =>
    this.#log.error({ err: error }, 'what is in force could not be recorded yet')
}
