/** What applying a site would change. The same file twice changes nothing, whatever the order of its lists and fields. */
import type { Site } from './site.ts'
import { type ItemKind, idOf, itemsOf, LISTED_KINDS, type ListedKind } from './site-items.ts'

export interface Change {
  readonly kind: ItemKind
  /** The id; a badge's uid; for the site itself its id, or `site` while it has none. */
  readonly id: string
  readonly change: 'added' | 'changed' | 'removed'
  /** Only for `changed`: which fields, in alphabetical order. */
  readonly fields?: readonly string[]
}

type Item = Readonly<Record<string, unknown>>
type Items = ReadonlyMap<string, Item>

const byId = (site: Site, kind: ListedKind): Items =>
  new Map(itemsOf(site, kind).map(item => [idOf(item), { ...item }]))

/**
 * Kinds in the order things depend on each other, ids in alphabetical order within a kind. A site id that `after` leaves
 * out is kept, so it is no change.
 */
export function diffSite(before: Site | undefined, after: Site): Change[] {
  const lists = LISTED_KINDS.flatMap(kind =>
    diffItems(kind, before ? byId(before, kind) : new Map(), byId(after, kind)),
  )
  return [...diffHead(before?.site, after.site), ...lists]
}

function diffHead(before: Site['site'] | undefined, after: Site['site']): Change[] {
  const id = after.id ?? before?.id
  const old: Items = new Map(before ? [['site', { ...before, id: before.id ?? id }]] : [])
  return diffItems('site', old, new Map([['site', { ...after, id }]])).map(c => ({ ...c, id: id ?? 'site' }))
}

/** How many of each, as the journal's rights.changed tells it. */
export function countChanges(changes: readonly Change[]): {
  readonly added: number
  readonly changed: number
  readonly removed: number
} {
  const count = (change: Change['change']) => changes.filter(c => c.change === change).length
  return { added: count('added'), changed: count('changed'), removed: count('removed') }
}

function diffItems(kind: Change['kind'], old: Items, now: Items): Change[] {
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort()
  return ids.map(id => diffItem(kind, id, old.get(id), now.get(id))).filter(c => c !== undefined)
}

function diffItem(kind: Change['kind'], id: string, old: Item | undefined, now: Item | undefined): Change | undefined {
  if (!old) return { kind, id, change: 'added' }
  if (!now) return { kind, id, change: 'removed' }
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter(f => canonical(old[f], f) !== canonical(now[f], f))
    .sort()
  return fields.length === 0 ? undefined : { kind, id, change: 'changed', fields }
}

/** Lists whose order means something: of special days the first that has the day counts. */
const ORDERED = new Set(['specialDays'])

/** Equal texts for equal meanings: every other list inside an item (days, roles, rights, classes) is a set. */
function canonical(value: unknown, field = ''): string {
  if (Array.isArray(value)) {
    const items = value.map(item => canonical(item))
    return `[${(ORDERED.has(field) ? items : items.sort()).join()}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const fields = Object.entries(value).filter(([, v]) => v !== undefined)
  return `{${fields
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v, k)}`)
    .sort()
    .join()}}`
}
