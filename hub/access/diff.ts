/** What applying a site would change. The same file twice changes nothing, whatever the order of its lists and fields. */
import type { Site } from './site.ts'

export interface Change {
  readonly kind: 'site' | 'zone' | 'schedule' | 'device' | 'accessPoint' | 'role' | 'person' | 'badge'
  /** The id; a badge's uid; for the site itself its id, or `site` while it has none. */
  readonly id: string
  readonly change: 'added' | 'changed' | 'removed'
  /** Only for `changed`: which fields, in alphabetical order. */
  readonly fields?: readonly string[]
}

type Item = Readonly<Record<string, unknown>>
type Items = ReadonlyMap<string, Item>

/** Kinds in the order things depend on each other, ids in alphabetical order within a kind. */
const KINDS: readonly (readonly [Change['kind'], (site: Site, other: Site | undefined) => Items])[] = [
  ['site', (site, other) => new Map([['site', { ...site.site, id: site.site.id ?? other?.site.id }]])],
  ['zone', site => byId(site.zones)],
  ['schedule', site => byId(site.schedules)],
  ['device', site => byId(site.devices)],
  ['accessPoint', site => byId(site.accessPoints)],
  ['role', site => byId(site.roles)],
  ['person', site => byId(site.people)],
  ['badge', site => new Map(site.badges.map(b => [b.uid, b]))],
]

const byId = (list: readonly ({ readonly id: string } & object)[]): Items =>
  new Map(list.map(item => [item.id, { ...item }]))

/** A site id that `after` leaves out is kept, so it is no change. */
export function diffSite(before: Site | undefined, after: Site): Change[] {
  return KINDS.flatMap(([kind, itemsOf]) => {
    const old = before ? itemsOf(before, after) : new Map<string, Item>()
    const changes = diffItems(kind, old, itemsOf(after, before))
    return kind === 'site' ? changes.map(c => ({ ...c, id: after.site.id ?? before?.site.id ?? 'site' })) : changes
  })
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
    .filter(f => canonical(old[f]) !== canonical(now[f]))
    .sort()
  return fields.length === 0 ? undefined : { kind, id, change: 'changed', fields }
}

/** Equal texts for equal meanings: every list inside an item (days, roles, rights, classes) is a set. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const fields = Object.entries(value).filter(([, v]) => v !== undefined)
  return `{${fields
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .sort()
    .join()}}`
}
