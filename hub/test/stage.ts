/** What tests of flows and record stand on: a real encrypted journal in a folder of its own, and a link that remembers. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandMessage, DecisionMessage } from '#devices/messages.ts'
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import { Registry } from '../flows/registry.ts'
import { SiteApplied } from '../flows/site-applied.ts'
import type { DeviceIdentity, Entry, JournalWriter, Recorded } from '../ports.ts'
import { Appender } from '../record/chain.ts'
import { type DataFolder, openDatabase, openFolder } from '../record/database.ts'
import { Journal } from '../record/journal.ts'
import { type OpArgs, type OpName, type OpResult, perform } from '../record/ops.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { events } from '../record/reading.ts'
import { readRegistry } from '../record/registry.ts'
import { type ItemKind, item, itemsSince, subject } from '../record/site.ts'
import { situations } from '../record/situations.ts'
import type { Db } from '../record/sql.ts'
import { smallSite } from './small-site.ts'

/** A Wednesday, 10:00 in Paris: inside the small site's day. */
export const NOON = Date.UTC(2026, 5, 10, 8)

/** A data folder with a started journal, a second connection to read by, and a third that can hold the database. */
export class Stage {
  readonly folder: DataFolder
  readonly journal: Journal
  readonly db: Db
  #blocker: Db | undefined

  private constructor(folder: DataFolder, journal: Journal) {
    this.folder = folder
    this.journal = journal
    this.db = openDatabase(folder, { readonly: true })
  }

  static async open(): Promise<Stage> {
    const folder = openFolder(mkdtempSync(join(tmpdir(), 'vigie-stage-')), '')
    const journal = new Journal(folder)
    await journal.start()
    return new Stage(folder, journal)
  }

  /** No writer gets through until `unblock`: each waits its time and fails. */
  block(): void {
    this.#blocker = openDatabase(this.folder)
    this.#blocker.exec('begin exclusive')
  }

  unblock(): void {
    this.#blocker?.exec('rollback')
    this.#blocker?.close()
    this.#blocker = undefined
  }

  /** Everything in the journal, oldest first, as another connection sees it. */
  rows(): Recorded[] {
    return events(this.db, { after: 0, limit: 100_000 })
  }

  events(): VigieEvent[] {
    return this.rows().map(r => r.event)
  }

  kinds(): string[] {
    return this.events().map(e => e.kind)
  }

  /** Runs an operation as the command line does: in a connection of its own. */
  op<N extends OpName>(name: N, args: OpArgs<N>): OpResult<N> {
    const db = openDatabase(this.folder)
    try {
      return perform({ db, appender: new Appender(db) }, name, args)
    } finally {
      db.close()
    }
  }

  /** Every table, as it stands. */
  contents(): Record<string, unknown[]> {
    const tables = this.db.prepare<[], { name: string }>("select name from sqlite_master where type = 'table'").all()
    return Object.fromEntries(tables.map(({ name }) => [name, this.db.prepare(`select * from ${name}`).all()]))
  }

  /** What is going on, as another connection sees it: `kind key` -> value. */
  situations(): Record<string, unknown> {
    return Object.fromEntries(situations(this.db).map(s => [`${s.kind} ${s.key}`, s.value]))
  }

  /** Puts a temporary grant, by default one of Anna's for the garden door, for the two hours from NOON. */
  grant(over: Partial<Grant> = {}): Grant {
    const id = `g-${randomBytes(8).toString('hex')}`
    const base = { id, person: 'anna', target: { accessPoint: 'garden-door' }, from: NOON, until: NOON + 7_200_000 }
    const grant: Grant = { ...base, origin: 'loan', by: 'cli:test', ...over }
    const { person, by, origin, from, until } = grant
    this.op('issueGrant', {
      at: NOON,
      grant,
      event: {
        kind: 'grant.issued',
        grant: grant.id,
        person: this.pseudonym('person', person),
        by,
        origin,
        from,
        until,
      },
    })
    return grant
  }

  pseudonym(kind: 'person' | 'badge', id: string): string {
    const known = subject(this.db, kind, id)
    if (!known) throw new Error(`no ${kind} ${id}`)
    return known.pseudonym
  }

  /** Revision of an item; 0 if it is not there. */
  revisionOf(kind: ItemKind, id: string): number {
    return item(this.db, kind, id)?.revision ?? 0
  }

  async apply(site: Site = smallSite()): Promise<number> {
    const applied = new SiteApplied({
      nobodyToAsk: () => true,
      read: () => readRegistry(this.db, NOON),
      changedSince: revision => itemsSince(this.db, revision),
      withdrawnBadges: () => lastOfWithdrawn(this.db, 'badge'),
      write: change => this.op('applySite', change),
      now: () => NOON,
    })
    return (await applied.apply(JSON.stringify(site), 'site.json', { origin: 'test', mayWithdraw: true })).revision
  }

  registry(): Registry {
    return new Registry(readRegistry(this.db, NOON))
  }

  async close(): Promise<void> {
    this.unblock()
    await this.journal.stop()
    this.db.close()
    rmSync(this.folder.dir, { recursive: true })
  }
}

/** The real journal behind a switch: while `failing`, rows are refused as by a full disk. */
export class Breakable implements JournalWriter {
  readonly #journal: JournalWriter
  failing = false

  constructor(journal: JournalWriter) {
    this.#journal = journal
  }

  append(entry: Entry): Promise<Recorded> {
    return this.failing ? Promise.reject(full()) : this.#journal.append(entry)
  }

  appendAll(entries: readonly Entry[]): Promise<Recorded[]> {
    return this.failing ? Promise.reject(full()) : this.#journal.appendAll(entries)
  }
}

const full = (): VigieError => new VigieError('journal-unavailable', { cause: 'disk full' })

export type Sent =
  | {
      readonly kind: 'decision'
      readonly device: string
      readonly message: DecisionMessage
      readonly durable: string[]
    }
  | { readonly kind: 'command'; readonly device: string; readonly message: CommandMessage; readonly durable: string[] }

/** Remembers what left for the devices, and which rows another connection could read at that moment. */
export class Link {
  readonly sent: Sent[] = []
  readonly #durable: () => string[]

  constructor(durable: () => string[]) {
    this.#durable = durable
  }

  decide(device: string, message: DecisionMessage): boolean {
    return this.sent.push({ kind: 'decision', device, message, durable: this.#durable() }) > 0
  }

  command(device: string, message: CommandMessage): boolean {
    return this.sent.push({ kind: 'command', device, message, durable: this.#durable() }) > 0
  }

  get decisions(): DecisionMessage[] {
    return this.sent.flatMap(s => (s.kind === 'decision' ? [s.message] : []))
  }

  get commands(): CommandMessage[] {
    return this.sent.flatMap(s => (s.kind === 'command' ? [s.message] : []))
  }
}

export const identity = (id: string, model: string): DeviceIdentity => ({ id, site: 'test', model, serial: `s-${id}` })

/** An up message as bytes: `seq` names it, fields are added to the envelope. */
export const bytes = (seq: number, fields: object, at = NOON): Buffer =>
  Buffer.from(JSON.stringify({ id: `m${seq}`, at: new Date(at).toISOString(), seq, ...fields }))

export const badgeFields = (point: string, uid: string): object => ({ point, credential: { kind: 'uid', uid } })

/** Resolves when `ready` is true, looked at after every turn of the event loop. @throws Error after `ms` */
export async function until(ready: () => boolean, ms = 10_000): Promise<void> {
  const deadline = performance.now() + ms
  while (!ready()) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
