/**
 * A hub, started and stopped as a whole: data folder -> journal -> registry -> flows -> broker -> dashboard. Each step that
 * succeeds leaves its undoing behind; stopping, or a step that fails, undoes them in reverse.
 */
import { join } from 'node:path'
import type { HubState } from './api.ts'
import { Bus } from './bus.ts'
import type { Config } from './config.ts'
import { VigieError } from './errors.ts'
import type { Recorded } from './events.ts'
import { UNIDENTIFIED } from './flows/refusals.ts'
import { Registry } from './flows/registry.ts'
import { RegistryChanged } from './flows/registry-changed.ts'
import { type Authority, openAuthority } from './pki/authority.ts'
import type { TlsMaterial } from './ports.ts'
import { openDatabase, openFolder, takeHubLock } from './record/database.ts'
import { Journal } from './record/journal.ts'
import { lastSeq, received } from './record/reading.ts'
import { readRegistry, revision } from './record/registry.ts'
import { Spool } from './record/spool.ts'
import type { Db } from './record/sql.ts'
import { Broker } from './transport/broker.ts'
import { type Deciding, makeDeciding } from './wiring/deciding.ts'
import { certificateLifeMs } from './wiring/enrolment.ts'
import { deviceStatesOf, makeWeb, siteViewOf, type Web } from './wiring/web.ts'

export const VERSION = '0.1.0'
/** Newest journal rows read at the start, to know messages that devices may send again. */
const REMEMBERED_ROWS = 20_000
const CERTIFICATE_LOOK_MS = 60_000

export interface HubLog {
  info(details: object, words: string): void
  warn(details: object, words: string): void
  error(details: object, words: string): void
}

export interface Ports {
  readonly mqttPort: number
  readonly httpPort: number
  readonly httpsPort: number
}

export class Hub {
  readonly #config: Config
  readonly #log: HubLog
  readonly #now = Date.now
  readonly #startedAt = Date.now()
  readonly #bus: Bus
  readonly #undo: (() => unknown)[] = []
  #registry: Registry | undefined

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
    const { journal, db, key } = await this.#openRecord()
    const authority = await this.#openAuthority()
    this.#registry = new Registry(readRegistry(db))
    const tls = await this.#tlsOf(authority)
    const { deciding, broker } = await this.#openDevices({ journal, db, key }, tls)
    const web = await this.#openWeb({ journal, db, authority, tls, deciding })
    this.#watchRegistry({ journal, db, authority, deciding, broker, web })
    const mqttPort = (await broker.start()).port
    this.#undo.push(() => broker.stop())
    const ports = await web.server.start()
    web.live.attach(web.server.servers)
    this.#undo.push(() => web.server.stop())
    await this.#tell(journal, 'hub.started')
    this.#undo.push(() => this.#tell(journal, 'hub.stopped'))
    return { mqttPort, ...ports, setupToken: await web.setupToken() }
  }

  #takeFolder(): void {
    const lock = takeHubLock(this.#config.dataDir)
    if (!lock) throw new VigieError('data-in-use', { file: this.#config.dataDir })
    this.#undo.push(() => lock.release())
  }

  async #openRecord(): Promise<{ journal: Journal; db: Db; key: string }> {
    const folder = openFolder(this.#config.dataDir, this.#config.journalKey)
    const journal = new Journal(folder)
    await journal.start()
    this.#undo.push(() => journal.stop())
    const db = openDatabase(folder, { readonly: true })
    this.#undo.push(() => db.close())
    return { journal, db, key: folder.key }
  }

  #openAuthority(): Promise<Authority> {
    return openAuthority(join(this.#config.dataDir, 'pki'), {
      now: this.#now,
      serverLifeMs: certificateLifeMs(this.#config),
    })
  }

  async #tlsOf(authority: Authority): Promise<TlsMaterial> {
    const { key, cert } = await authority.ensureServerCertificate(this.#config.hosts)
    return { key, cert, ca: authority.caPem, crl: await authority.crl(this.#current.revoked(this.#now())) }
  }

  get #current(): Registry {
    if (!this.#registry) throw new VigieError('internal', { id: 'registry' })
    return this.#registry
  }

  async #openDevices(
    { journal, db, key }: { journal: Journal; db: Db; key: string },
    tls: TlsMaterial,
  ): Promise<{ deciding: Deciding; broker: Broker }> {
    const { dataDir, mqttPort, deviceRate, deviceBurst, maxConnections, maxConnectionsPerAddress } = this.#config
    const notify = (recorded: Recorded): void => this.#bus.publish(recorded)
    const remembered = received(db, REMEMBERED_ROWS)
    const spool = new Spool({
      dir: dataDir,
      key,
      journal,
      onDrained: rows => rows.forEach(notify),
      onTrouble: cause => this.#log.error({ cause }, 'trouble with the spool, where events wait for the journal'),
    })
    await spool.start()
    this.#undo.push(() => spool.stop())
    const deciding: Deciding = makeDeciding({
      config: this.#config,
      journal,
      spool: entries => spool.add(entries),
      registry: () => this.#current,
      link: {
        decide: (device, decision) => broker.decide(device, decision),
        command: (device, command) => broker.command(device, command),
      },
      received: remembered,
      notify,
      log: this.#log,
      now: this.#now,
    })
    const limits = { deviceRate, deviceBurst, maxConnections, maxConnectionsPerAddress }
    const broker: Broker = new Broker({
      edge: deciding.edge,
      tls,
      port: mqttPort,
      limits,
      now: this.#now,
      log: this.#log,
    })
    deciding.start()
    this.#undo.push(() => deciding.stop())
    return { deciding, broker }
  }

  async #openWeb(parts: {
    journal: Journal
    db: Db
    authority: Authority
    tls: TlsMaterial
    deciding: Deciding
  }): Promise<Web> {
    const { journal, db, authority, tls, deciding } = parts
    const web = makeWeb({
      config: this.#config,
      db,
      op: (name, args) => journal.op(name, args),
      journal,
      authority,
      tls,
      registry: () => this.#current,
      hub: () => this.#state(journal, deciding),
      refusalsOf: device => deciding.refusals.countsFor(device),
      refusedAt: address => deciding.refusals.refused({ address }, 'certificate'),
      log: this.#log,
      now: this.#now,
    })
    web.live.prime({
      site: siteViewOf(this.#current),
      devices: deviceStatesOf(this.#current, deciding.status.online),
      points: [],
      cursor: lastSeq(db),
    })
    this.#undo.push(() => web.live.stop())
    this.#bus.observe('live', recorded => web.live.observe(recorded))
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
    }
  }

  /** Follows what the command line or an enrolment changes, and renews the server's own certificate in time. */
  #watchRegistry(parts: {
    journal: Journal
    db: Db
    authority: Authority
    deciding: Deciding
    broker: Broker
    web: Web
  }): void {
    const { journal, db, authority, deciding, broker, web } = parts
    const renewTls = async (): Promise<void> => {
      const tls = await this.#tlsOf(authority)
      broker.renewTls(tls)
      web.server.renewTls(tls)
    }
    const failed = (error: unknown): void => this.#log.error({ err: error }, 'a change could not be taken over')
    const watch = new RegistryChanged(
      {
        revision: () => revision(db),
        read: () => readRegistry(db),
        use: registry => {
          this.#registry = registry
          web.live.siteChanged(siteViewOf(registry), deviceStatesOf(registry, deciding.status.online))
        },
        renewList: renewTls,
        liveSerials: () => deciding.liveSerials(),
        cut: serial => broker.cutSerial(serial),
        acknowledge: async (rev, cut) =>
          void (await journal.op('acknowledge', { revision: rev, at: this.#now(), cut })),
        onFailure: failed,
        now: this.#now,
      },
      this.#current,
    )
    watch.start()
    const timer = setInterval(() => void renewTls().catch(failed), CERTIFICATE_LOOK_MS).unref()
    this.#undo.push(
      () => clearInterval(timer),
      () => watch.stop(),
    )
  }

  async #tell(journal: Journal, kind: 'hub.started' | 'hub.stopped'): Promise<void> {
    this.#bus.publish(await journal.append({ event: { kind, version: VERSION }, at: this.#now() }))
  }
}
