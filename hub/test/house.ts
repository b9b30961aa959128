/**
 * The deciding half of a hub on a real folder, that can be stopped and started again: journal, spool, registry and
 * situations are new objects each time, and know of the time before only what is on disk.
 */
import type { DecisionMessage } from '#devices/messages.ts'
import { modelRules } from '#devices/registry.ts'
import type { Site } from '../access/site.ts'
import type { SituationKind, SituationRows } from '../access/situations.ts'
import type { VigieEvent } from '../events.ts'
import { Registry } from '../flows/registry.ts'
import { RegistryChanged } from '../flows/registry-changed.ts'
import { Standing } from '../flows/standing.ts'
import type { DeviceIdentity, PinCheck } from '../ports.ts'
import { Journal } from '../record/journal.ts'
import { makePin, pinCheck } from '../record/pins.ts'
import { received } from '../record/reading.ts'
import { readChanges, readRegistry, revision } from '../record/registry.ts'
import { situation } from '../record/situations.ts'
import { Spool } from '../record/spool.ts'
import { type Acting, makeActing, pauseEvacuations } from '../wiring/acts.ts'
import { type Deciding, makeDeciding } from '../wiring/deciding.ts'
import { Hanging } from './hanging.ts'
import { EVERY_DAY } from './small-site.ts'
import { bytes, identity, Link, NOON, Stage, until } from './stage.ts'

export const ANNA = '04AA0001'
export const BELA = '04AA0002'
export const PIN = '4826'
export const DURESS = '9315'
const TWO = { witness: { role: 'nurse', withinS: 30 } } as const

/** One point for each thing that goes on for longer than a badge; a secure one and one that opens all the same. */
export function houseSite(): Site {
  const drawer = (id: string, point: number, kind: 'controlled-drugs' | 'medicines' | 'crash-cart') =>
    ({ id, name: id, zone: 'ward', class: kind, device: 'cabinet', point: `drawer-${point}` }) as const
  const door = (id: string, zone = 'ward') =>
    ({ id, name: id, zone, class: 'door', device: id, point: 'door' }) as const
  const right = (accessPoint: string) => ({ accessPoint, schedule: 'always' })
  const doors = ['lab-door', 'trap-a', 'trap-b', 'yard-door']
  return {
    version: 1,
    site: { id: 'test', name: 'House', timeZone: 'Europe/Paris' },
    zones: [
      { id: 'ward', name: 'Ward' },
      { id: 'lab', name: 'Lab', occupancyLimit: 1 },
    ],
    schedules: [{ id: 'always', name: 'Always', weekly: [{ days: EVERY_DAY, from: '00:00', to: '24:00' }] }],
    devices: [
      { id: 'cabinet', model: 'medicine-cabinet', name: 'Cabinet', zone: 'ward' },
      ...doors.map(id => ({ id, model: 'door', name: id, zone: 'ward' })),
    ],
    accessPoints: [
      { ...drawer('drugs', 1, 'controlled-drugs'), requires: TWO },
      { ...drawer('cart', 2, 'crash-cart'), requires: TWO },
      drawer('opioids', 3, 'controlled-drugs'),
      drawer('kit', 4, 'crash-cart'),
      drawer('medicines', 5, 'medicines'),
      drawer('locker', 6, 'medicines'),
      { ...door('lab-door'), passage: { from: 'ward', to: 'lab' } },
      door('trap-a'),
      door('trap-b'),
      door('yard-door'),
    ],
    interlocks: [{ id: 'trap', name: 'Trap', accessPoints: ['trap-a', 'trap-b'] }],
    lockdownPlans: [{ id: 'storm', name: 'Storm', zones: ['ward'], rank: 3, revertAfterMinutes: 30 }],
    evacuationPlans: [{ id: 'fire', name: 'Fire', zones: ['ward'], release: ['yard-door'], muster: ['yard-door'] }],
    roles: [
      {
        id: 'nurse',
        name: 'Nurse',
        rights: [
          ...['drugs', 'cart', 'medicines', ...doors].map(right),
          { ...right('locker'), requires: { pin: true } },
        ],
        breakGlass: [{ accessPoint: 'opioids' }, { accessPoint: 'kit' }],
      },
    ],
    people: [
      { id: 'anna', name: 'Anna', roles: ['nurse'] },
      { id: 'bela', name: 'Bela', roles: ['nurse'] },
    ],
    badges: [
      { uid: ANNA, person: 'anna', status: 'active' },
      { uid: BELA, person: 'bela', status: 'active' },
    ],
  }
}

const quiet = { warn: () => undefined, error: () => undefined }

/** Everybody's. */
const SAME_PIN = makePin(PIN, DURESS)

export class House {
  readonly stage: Stage
  readonly link = new Link(() => this.stage.kinds())
  readonly notified: string[] = []
  readonly failures: string[] = []
  /** Hub time. */
  now = NOON
  /** The spool's folder; one that does not exist can't be written. */
  spoolDir: string
  pins: PinCheck | undefined
  journal!: Hanging
  spool!: Spool
  situations!: Standing
  registry!: Registry
  hub!: Deciding
  acting!: Acting
  watch!: RegistryChanged
  #journal: Journal
  #ended = false
  readonly #seqs = new Map<string, number>()

  private constructor(stage: Stage) {
    this.stage = stage
    this.#journal = stage.journal
    this.spoolDir = stage.folder.dir
  }

  static async open(site = houseSite()): Promise<House> {
    const stage = await Stage.open()
    await stage.apply(site)
    const house = new House(stage)
    for (const person of ['anna', 'bela']) {
      const event = { kind: 'pin.set', person: stage.pseudonym('person', person), by: 'cli:test' } as const
      stage.op('setPin', { at: NOON, person, record: await SAME_PIN, event })
    }
    await house.start()
    return house
  }

  async start(): Promise<void> {
    const { stage } = this
    const now = (): number => this.now
    const failed = (error: unknown): void => void this.failures.push(String(error))
    if (this.#ended) {
      this.#journal = new Journal(stage.folder)
      await this.#journal.start()
    }
    this.journal = new Hanging(this.#journal)
    this.spool = this.#openSpool()
    await this.spool.start()
    const op = this.#journal.op.bind(this.#journal)
    await pauseEvacuations({ db: stage.db, op, expiryMs: 5_000, onFailure: failed, now })
    const stored = readRegistry(stage.db, this.now)
    this.registry = new Registry(stored, this.now)
    this.situations = new Standing(stored.situations)
    this.#journal.merged(stored.revision)
    const common = {
      registry: () => this.registry,
      link: this.link,
      journal: this.journal,
      spool: this.spool.add.bind(this.spool),
      notify: (r: { event: VigieEvent }) => void this.notified.push(r.event.kind),
      now,
    }
    this.hub = makeDeciding({
      ...common,
      config: { unlockExpiryMs: 5_000, skewLimitMs: 10_000 },
      situations: this.situations,
      pinCheck: (person, pin) => (this.pins ?? pinCheck(stage.db))(person, pin),
      write: situations => this.#write(situations),
      received: received(stage.db, 1_000),
      log: { ...quiet, error: ({ err }: { err?: unknown }) => failed(err) },
    })
    this.acting = makeActing({ ...common, unlocks: this.hub.unlocks, expiryMs: 5_000, onFailure: failed })
    this.watch = this.#watchRegistry(failed)
  }

  #openSpool(): Spool {
    return new Spool({
      dir: this.spoolDir,
      key: this.stage.folder.key,
      journal: {
        drain: async entries => {
          const rows = await this.#journal.drain(this.situations?.asTheyStand(entries) ?? entries)
          this.situations?.adopt(entries, (kind, key) => situation(this.stage.db, kind, key))
          return rows
        },
      },
      onDrained: rows => this.notified.push(...rows.map(r => r.event.kind)),
      onTrouble: cause => this.failures.push(cause),
    })
  }

  #write(situations: Parameters<Parameters<typeof makeDeciding>[0]['write']>[0]): Promise<unknown> {
    if (this.journal.failing) return Promise.reject(new Error('disk full'))
    return this.#journal.op('settle', { at: this.now, seen: this.registry.revision, situations })
  }

  #watchRegistry(onFailure: (error: unknown) => void): RegistryChanged {
    return new RegistryChanged(
      {
        revision: () => revision(this.stage.db),
        read: since => readChanges(this.stage.db, since),
        use: (registry, changes) => {
          this.registry = registry
          this.situations.merge(changes.situations)
          this.#journal.merged(changes.revision)
        },
        onActs: rows => this.acting.onActs(rows),
        renewList: async () => undefined,
        liveSerials: () => [],
        cut: () => 0,
        acknowledge: async (rev, cut) =>
          void (await this.#journal.op('acknowledge', { revision: rev, at: this.now, cut })),
        onFailure,
        now: () => this.now,
      },
      this.registry,
    )
  }

  async stop(): Promise<void> {
    this.acting.stop()
    await this.watch.stop()
    await this.hub.stop()
    await this.spool.stop()
    await this.#journal.stop()
    this.#ended = true
  }

  /** As after the end of the process: everything anew, from what is on disk. */
  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async close(): Promise<void> {
    this.stage.unblock()
    await this.stop()
    await this.stage.close()
  }

  /** Resolves at the PUBACK. */
  send(device: string, kind: string, fields: object, at = this.now): Promise<string> {
    const seq = (this.#seqs.get(device) ?? 0) + 1
    this.#seqs.set(device, seq)
    return this.hub.edge.message(this.#identity(device), kind, bytes(seq, fields, at), this.now).then(() => `m${seq}`)
  }

  /** @param fields pin, reason, breakGlass, ... @returns what the reader is told */
  async badge(uid: string, accessPoint: string, fields: object = {}): Promise<DecisionMessage> {
    const { device, point } = this.#place(accessPoint)
    const before = this.link.decisions.length
    await this.send(device, 'badge', { point, credential: { kind: 'uid', uid }, ...fields })
    const told = this.link.decisions.slice(before)
    if (told.length !== 1) throw new Error(`${told.length} decisions`)
    return told[0] as DecisionMessage
  }

  #place(accessPoint: string): { device: string; point: string } {
    const place = this.registry.site.accessPoints.find(a => a.id === accessPoint)
    if (!place) throw new Error(`no access point ${accessPoint}`)
    return place
  }

  #identity(device: string): DeviceIdentity {
    const model = this.registry.site.devices.find(d => d.id === device)?.model ?? ''
    if (!modelRules(model)) throw new Error(`no device ${device}`)
    return identity(device, model)
  }

  /** Time goes by, and what is due happens. */
  async pass(ms: number): Promise<void> {
    this.now += ms
    await this.hub.due.look()
  }

  /** An operator's act, from another process, and the hub's next look. */
  async act(change: { kind: SituationKind; key: string; value?: unknown }, event: VigieEvent): Promise<void> {
    this.stage.op('act', { at: this.now, situations: [change as never], events: [event] })
    await this.watch.look()
  }

  /** As another connection sees it. */
  stored<K extends SituationKind>(kind: K, key: string): SituationRows[K] | undefined {
    return this.stage.situations()[`${kind} ${key}`] as SituationRows[K] | undefined
  }

  /** Memory and disk tell the same. */
  inStep(): boolean {
    const sorted = (rows: readonly (readonly [string, unknown])[]): string =>
      JSON.stringify(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const inMemory = this.situations.rows().map(r => [`${r.kind} ${r.key}`, r.value] as const)
    return sorted(inMemory) === sorted(Object.entries(this.stage.situations()))
  }

  drained(): Promise<void> {
    return until(() => this.spool.waiting === 0)
  }

  /** Rows since the house was opened, refusals aside. */
  told(): VigieEvent[] {
    const before = ['rights.changed', 'pin.set', 'device.refused']
    return this.stage.events().filter(e => !before.includes(e.kind))
  }

  kinds(): string[] {
    return this.told().map(e => e.kind)
  }

  get anna(): string {
    return this.stage.pseudonym('person', 'anna')
  }
  get bela(): string {
    return this.stage.pseudonym('person', 'bela')
  }
}
