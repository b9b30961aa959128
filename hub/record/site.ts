/** The site as stored: one row per item of the site file, and the pseudonyms that stand for people and badges. */
import { randomBytes } from 'node:crypto'
import { all, type Db, first, run, sql } from './sql.ts'

export const ITEM_KINDS = ['site', 'zone', 'schedule', 'device', 'accessPoint', 'role', 'person', 'badge'] as const
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

/** Every change of rights, devices or certificates ends here: a running hub notices the number and reloads. */
export function bump(db: Db): number {
  const next = revision(db) + 1
  setMeta(db, 'registry_revision', String(next))
  return next
}

export function items(db: Db): { kind: ItemKind; id: string; body: string }[] {
  return all(db, sql.selectFrom('site_item').select(['kind', 'id', 'body']).orderBy('kind').orderBy('id')) as {
    kind: ItemKind
    id: string
    body: string
  }[]
}

/** Puts and withdraws items; a withdrawn person keeps the pseudonym's label, so that history can still be read. */
export function putItems(db: Db, changes: readonly Item[], at: number): number {
  const next = bump(db)
  for (const item of changes) {
    if (item.body === undefined)
      run(db, sql.deleteFrom('site_item').where('kind', '=', item.kind).where('id', '=', item.id))
    else store(db, item.kind, item.id, item.body, next)
    if (item.kind === 'device') declareDevice(db, item, at)
  }
  return next
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
