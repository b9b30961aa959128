/** The items of a site by kind and id, changed in place; the compiler's own copy of what it compiled. */

import type { Site } from './site.ts'
import {
  ITEM_LISTS,
  type ItemChange,
  type ItemKind,
  idOf,
  itemsOf,
  LISTED_KINDS,
  type ListedKind,
  type SiteItems,
} from './site-items.ts'

type Maps = { readonly [K in ListedKind]: Map<string, SiteItems[K]> }

/** Which items of which kind a change was about, by id. */
export class Touched {
  readonly #ids = new Map<ItemKind, Set<string>>()
  /** True if scopes reach other points than before. */
  moves = false

  add(kind: ItemKind, id: string): void {
    this.#ids.set(kind, (this.#ids.get(kind) ?? new Set()).add(id))
  }
  of(kind: ItemKind): ReadonlySet<string> {
    return this.#ids.get(kind) ?? NOTHING
  }
  any(...kinds: readonly ItemKind[]): boolean {
    return kinds.some(kind => this.#ids.has(kind))
  }
}
const NOTHING: ReadonlySet<string> = new Set()

export class ItemStore {
  #site: Site['site']
  readonly #maps: Maps

  /** Of items with the same id the last counts; validate.ts lets no such site through. */
  constructor(site: Site) {
    this.#site = site.site
    this.#maps = Object.fromEntries(
      LISTED_KINDS.map(kind => [kind, new Map(itemsOf(site, kind).map(item => [idOf(item), item]))]),
    ) as unknown as Maps
  }

  get site(): Site['site'] {
    return this.#site
  }

  of<K extends ListedKind>(kind: K): ReadonlyMap<string, SiteItems[K]> {
    return this.#maps[kind]
  }

  list<K extends ListedKind>(kind: K): SiteItems[K][] {
    return [...this.of(kind).values()]
  }

  /** Everything, as one change that brings it all. */
  all(): Touched {
    const touched = new Touched()
    touched.moves = true
    touched.add('site', 'site')
    for (const kind of LISTED_KINDS) for (const id of this.of(kind).keys()) touched.add(kind, id)
    return touched
  }

  apply(changes: readonly ItemChange[]): Touched {
    const touched = new Touched()
    for (const change of changes) {
      touched.moves ||= this.#moves(change)
      this.#put(change)
      touched.add(change.kind, change.id)
    }
    return touched
  }

  /** A point or zone that comes, goes, or is somewhere else; or a point that is something else. */
  #moves({ kind, id, item }: ItemChange): boolean {
    if (kind !== 'zone' && kind !== 'accessPoint') return false
    const before: ItemChange['item'] = this.#maps[kind].get(id)
    return PLACING.some(field => fieldOf(before, field) !== fieldOf(item, field))
  }

  #put({ kind, id, item }: ItemChange): void {
    if (kind === 'site') this.#site = (item as Site['site'] | undefined) ?? this.#site
    else if (item === undefined) this.#maps[kind].delete(id)
    else (this.#maps[kind] as Map<string, ItemChange['item']>).set(id, item)
  }

  /** As a site file would hold it. */
  toSite(): Site {
    const lists = Object.fromEntries(LISTED_KINDS.map(kind => [ITEM_LISTS[kind], this.list(kind)]))
    return { version: 1, site: this.#site, ...lists } as Site
  }
}

/** What scopes look at. Every item has an id, so coming and going shows too. */
const PLACING = ['id', 'parent', 'zone', 'class'] as const
const fieldOf = (item: object | undefined, field: string): unknown => item && Reflect.get(item, field)
