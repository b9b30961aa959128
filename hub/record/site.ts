/** The site as stored: one row per item of the site file, and the pseudonyms that stand for people and badges. */
import { randomBytes } from 'node:crypto'
import { all, type Db, first, lookUp, run, sql } from './sql.ts'

export const ITEM_KINDS = [
  'site',
  'calendar',
  'zone',
  'schedule',
  'device',
  'accessPoint',
  'role',
  'person',
  'badge',
  'interlock',
  'lockdownPlan',
  'evacuationPlan',
  'scenario',
  'rota',
  'escalation',
] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

export interface Item {
  readonly kind: ItemKind
  readonly id: string
  /** JSON; absent means the item is withdrawn. */
  readonly body?: string
}

export const DEFAULT_SITE = 'main'

export function meta(db: Db, key: string): string | undefined {
  return first(db, sql.selectFrom('meta').select('value').where('key', '=', key))?.value
}
export function setMeta(db: Db, key: string, value: string): void {
  run(
    db,
    sql
      .insertInto('meta')
      .values({ key, value })
      .onConflict(c => c.column('key').doUpdateSet({ value })),
  )
}
export const siteId = (db: Db): string => meta(db, 'site_id') ?? DEFAULT_SITE
export const revision = (db: Db): number => Number(meta(db, 'registry_revision') ?? 0)

/**
 * Every change of rights, grants, situations, devices or certificates begins here: a running hub notices the number and
 * reads what has changed. @param at milliseconds since 1970
 */
export function bump(db: Db, at: number): number {
  const next = revision(db) + 1
  setMeta(db, 'registry_revision', String(next))
  run(db, sql.insertInto('revision_log').values({ revision: next, at }))
  return next
}

const DEVICES_REVISION = 'devices_revision'
/** The same, of devices or certificates. */
export function bumpDevices(db: Db, at: number): number {
  const next = bump(db, at)
  setMeta(db, DEVICES_REVISION, String(next))
  return next
}
/** The revision that last changed a device or a certificate; 0 if none has since the database knows of it. */
export const devicesRevision = (db: Db): number => Number(meta(db, DEVICES_REVISION) ?? 0)

export interface StoredItem {
  readonly kind: ItemKind
  readonly id: string
  /** JSON. */
  readonly body: string
  /** The registry revision that put it as it is. */
  readonly revision: number
}
const itemColumns = ['kind', 'id', 'body', 'revision'] as const

/** By kind and id. @param kind absent: of every kind */
export function items(db: Db, kind?: ItemKind): StoredItem[] {
  const query = sql.selectFrom('site_item').select(itemColumns).orderBy('kind').orderBy('id')
  return all(db, kind === undefined ? query : query.where('kind', '=', kind)) as StoredItem[]
}
/** Milliseconds: an edit is held against the file itself. */
const FRESH_MS = 2
const oneItem = lookUp(
  sql.selectFrom('site_item').select(itemColumns).where('kind', '=', '').where('id', '=', ''),
  FRESH_MS,
)
export const item = (db: Db, kind: ItemKind, id: string): StoredItem | undefined =>
  oneItem(db, kind, id) as StoredItem | undefined

/** `body` absent: withdrawn. `revision` is that of the change. */
export interface ItemChange extends Item {
  readonly revision: number
}

/** Put, altered or withdrawn after that revision, each once, as it stands now. */
export function itemsSince(db: Db, since: number): ItemChange[] {
  const put = all(db, sql.selectFrom('site_item').select(itemColumns).where('revision', '>', since))
  const gone = sql
    .selectFrom('site_item_past as p')
    .leftJoin('site_item as i', j => j.onRef('i.kind', '=', 'p.kind').onRef('i.id', '=', 'p.id'))
    .select(eb => ['p.kind', 'p.id', eb.fn.max('p.until').as('revision')])
    .where('p.until', '>', since)
    .where('i.id', 'is', null)
    .groupBy(['p.kind', 'p.id'])
  return [...put, ...all(db, gone)] as ItemChange[]
}

/** True if an item, a device or a certificate is not what it was at that revision: what was worked out from it is out of date. */
export const siteChangedSince = (db: Db, since: number): boolean =>
  devicesRevision(db) > since || itemsSince(db, since).length > 0

/** Puts and withdraws items; a withdrawn person keeps the pseudonym's label, so that history can still be read. */
export function putItems(db: Db, changes: readonly Item[], at: number): number {
  const next = changes.some(c => c.kind === 'device') ? bumpDevices(db, at) : bump(db, at)
  for (const change of changes) {
    const { kind, id, body } = change
    keepPast(db, kind, id, next)
    if (body === undefined) run(db, sql.deleteFrom('site_item').where('kind', '=', kind).where('id', '=', id))
    else store(db, kind, id, body, next)
    if (kind === 'device') declareDevice(db, change, at)
  }
  return next
}

/** Before it is replaced or withdrawn by revision `next`. */
function keepPast(db: Db, kind: ItemKind, id: string, next: number): void {
  const before = item(db, kind, id)
  if (!before || before.revision === next) return
  const { body, revision: since } = before
  run(db, sql.insertInto('site_item_past').values({ kind, id, body, since, until: next }))
}

function store(db: Db, kind: ItemKind, id: string, body: string, rev: number): void {
  run(
    db,
    sql
      .insertInto('site_item')
      .values({ kind, id, body, revision: rev })
      .onConflict(c => c.columns(['kind', 'id']).doUpdateSet({ body, revision: rev })),
  )
  if (kind === 'person') pseudonymOf(db, 'person', id, labelOf(body))
  if (kind === 'badge') pseudonymOf(db, 'badge', id)
}

function labelOf(body: string): { label: string; role: string | null } {
  const person = JSON.parse(body) as { name: string; roles: string[] }
  return { label: person.name, role: person.roles[0] ?? null }
}

function pseudonymOf(
  db: Db,
  kind: 'person' | 'badge',
  id: string,
  label: { label: string | null; role: string | null } = { label: null, role: null },
): void {
  const pseudonym = `${kind === 'person' ? 'p' : 'b'}-${randomBytes(8).toString('hex')}`
  run(
    db,
    sql
      .insertInto('pseudonym')
      .values({ pseudonym, kind, id, ...label })
      .onConflict(c => c.columns(['kind', 'id']).doUpdateSet(label)),
  )
}

/** A device of the site file: registered without a certificate. Withdrawing it from the file is the flow's business. */
function declareDevice(db: Db, item: Item, at: number): void {
  if (item.body === undefined) return
  const { model, name } = JSON.parse(item.body) as { model: string; name: string }
  const row = { id: item.id, model, name, status: 'declared', origin: 'site', added_at: at }
  run(
    db,
    sql
      .insertInto('device')
      .values(row)
      .onConflict(c => c.column('id').doUpdateSet({ model, name, origin: 'site' })),
  )
}

export interface Subject {
  readonly pseudonym: string
  readonly kind: 'person' | 'badge'
  readonly id: string
  readonly label: string | null
  readonly role: string | null
}
export const subjects = (db: Db): Subject[] => all(db, sql.selectFrom('pseudonym').selectAll()) as Subject[]

/** The people and badges among these items. */
export function subjectsOf(db: Db, changed: readonly Item[]): Subject[] {
  const wanted = changed.filter(({ kind }) => kind === 'person' || kind === 'badge')
  if (wanted.length > FEW) {
    const ids = new Set(wanted.map(({ kind, id }) => `${kind} ${id}`))
    return subjects(db).filter(({ kind, id }) => ids.has(`${kind} ${id}`))
  }
  return wanted.flatMap(({ kind, id }) => subject(db, kind as Subject['kind'], id) ?? [])
}
/** @param pseudonyms at most some thousand */
export const subjectsNamed = (db: Db, pseudonyms: readonly string[]): Subject[] =>
  pseudonyms.length === 0
    ? []
    : (all(
        db,
        sql
          .selectFrom('pseudonym')
          .selectAll()
          .where('pseudonym', 'in', [...pseudonyms]),
      ) as Subject[])
/** Above so many one read of them all is cheaper. */
const FEW = 100
/** The badge a pseudonym stands for, by uid. */
export const uidOf = (db: Db, pseudonym: string): string | undefined =>
  first(db, sql.selectFrom('pseudonym').select('id').where('pseudonym', '=', pseudonym).where('kind', '=', 'badge'))?.id
export const subject = (db: Db, kind: Subject['kind'], id: string): Subject | undefined =>
  first(db, sql.selectFrom('pseudonym').selectAll().where('kind', '=', kind).where('id', '=', id)) as
    | Subject
    | undefined
