/**
 * One item of the site is put or taken away by itself: a role, a person, a zone, a plan.
 *
 *   check    its shape, and then the whole site as it would be: the first fault is named by item and field
 *   guard    a device that holds a certificate is not taken away, and the site keeps its id, while that cuts devices off
 *   record   the item and its journal row, in one commit, if it still is at the revision the editor saw
 *
 * Two people editing the same item: the second one gets `edit-conflict`, which says which revision stands now.
 */
import { countChanges, diffSite } from '../access/diff.ts'
import { said } from '../access/french.ts'
import type { Site } from '../access/site.ts'
import {
  ITEM_KINDS,
  ITEM_LISTS,
  type ItemKind,
  idOf,
  isItemKind,
  itemsOf,
  type SiteItems,
  withItem,
} from '../access/site-items.ts'
import { ITEM_SHAPES } from '../access/site-shape.ts'
import { type Knows, type Problem, validate } from '../access/validate.ts'
import { isVigieError, type Said, VigieError } from '../errors.ts'
import type { RightsChanged } from '../events.ts'
import { type Awaitable, shown } from './acting.ts'

interface Needs {
  /** The site as stored, and the revision of each item, in one consistent read. */
  readonly read: () => {
    readonly site: Site
    /** Registry revision of this site. */
    readonly base: number
    readonly revisionOf: (kind: ItemKind, id: string) => number | undefined
    /** Devices that hold a certificate. */
    readonly enrolled: () => ReadonlySet<string>
  }
  readonly write: (edit: {
    readonly at: number
    readonly kind: ItemKind
    readonly id: string
    readonly body?: string
    readonly expected: number
    /** Refused with `site-changed` if the site is not what it was at this revision. */
    readonly base: number
    readonly events: readonly RightsChanged[]
  }) => Awaitable<number>
  readonly knows: Knows
  readonly now: () => number
}
export interface ItemView {
  readonly kind: ItemKind
  readonly id: string
  /** The revision it was last changed at: to be given with an edit. */
  readonly revision: number
  readonly item: unknown
}
export interface Edit {
  /** Revision of the item the editor saw; 0 if it must be new. */
  readonly expected: number
  /** Who edits, as the journal names it. */
  readonly by: string
}

const ATTEMPTS = 3
const PAUSE_MS = 150
const NO_SITE: Said = { en: 'a site: it cannot be removed', fr: 'un site\u202f: il ne peut pas être retiré' }

export class ItemEdited {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError input-invalid (no such kind), item-unknown */
  show(kind: string, id: string): ItemView {
    const { site, revisionOf } = this.#needs.read()
    const known = needKind(kind)
    const item = find(site, known, id)
    const revision = revisionOf(known, id)
    if (item === undefined || revision === undefined)
      throw new VigieError('item-unknown', { kind: known, id: shown(id) })
    return { kind: known, id, revision, item }
  }

  /** Ids of a kind, in the order of the site. @throws VigieError input-invalid (no such kind) */
  ids(kind: string): string[] {
    const known = needKind(kind)
    return known === 'site' ? ['site'] : itemsOf(this.#needs.read().site, known).map(idOf)
  }

  /** @returns the revision it made; what changes nothing makes none @throws VigieError input-invalid, item-invalid, site-conflict, edit-conflict, journal-unavailable */
  async put(kind: string, id: string, item: unknown, edit: Edit): Promise<{ readonly revision: number }> {
    const known = needKind(kind)
    this.#checkShape(known, id, item)
    return this.#again(() => {
      const { site, base, enrolled } = this.#needs.read()
      const whole = known === 'site' ? keepSiteId(site, item as Site['site'], enrolled().size) : item
      return this.#write(known, id, { site, base }, whole as SiteItems[ItemKind], edit)
    })
  }

  /** @throws VigieError input-invalid, item-unknown, item-invalid (something still refers to it), site-withdraws, edit-conflict, journal-unavailable */
  async remove(kind: string, id: string, edit: Edit): Promise<{ readonly revision: number }> {
    const known = needKind(kind)
    if (known === 'site') throw invalid('site', 'site', '/', NO_SITE)
    return this.#again(() => {
      const { site, base, enrolled } = this.#needs.read()
      if (find(site, known, id) === undefined) throw new VigieError('item-unknown', { kind: known, id: shown(id) })
      if (known === 'device' && enrolled().has(id)) throw new VigieError('site-withdraws', { count: 1, device: id })
      return this.#write(known, id, { site, base }, undefined, edit)
    })
  }

  /**
   * What an edit would do, for whoever has to approve it first; nothing is written.
   * @param item absent: it is taken away
   * @returns the item before it @throws VigieError what `put` and `remove` throw, and edit-conflict
   */
  would(kind: string, id: string, item: unknown, { expected }: Edit): unknown {
    const known = needKind(kind)
    if (item !== undefined) this.#checkShape(known, id, item)
    const { site, revisionOf } = this.#needs.read()
    const before = find(site, known, id)
    if (item === undefined && before === undefined) throw new VigieError('item-unknown', { kind: known, id: shown(id) })
    const after = withItem(site, known, id, item as SiteItems[ItemKind] | undefined)
    const [problem] = validate(after, this.#needs.knows)
    if (problem) throw misfit(after, problem)
    const revision = revisionOf(known, id) ?? 0
    if (revision !== expected) throw new VigieError('edit-conflict', { kind: known, id, revision })
    return before
  }

  /** Somebody changed something else of the site in the same moment: the whole is checked again as it is now. */
  async #again<T>(attempt: () => Promise<T>): Promise<T> {
    for (let left = ATTEMPTS; ; left--) {
      try {
        return await attempt()
      } catch (error) {
        if (!isVigieError(error) || error.code !== 'site-changed' || left <= 1) throw error
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
      }
    }
  }

  async #write(
    kind: ItemKind,
    id: string,
    { site: before, base }: { readonly site: Site; readonly base: number },
    item: SiteItems[ItemKind] | undefined,
    { expected, by }: Edit,
  ): Promise<{ readonly revision: number }> {
    const { read, write, knows, now } = this.#needs
    const after = withItem(before, kind, id, item)
    const [problem] = validate(after, knows)
    if (problem) throw misfit(after, problem)
    const changes = diffSite(before, after)
    const stands = read().revisionOf(kind, id) ?? 0
    if (changes.length === 0 && stands === expected) return { revision: stands }
    const event: RightsChanged = {
      ...{ kind: 'rights.changed', revision: 0, ...countChanges(changes), origin: by },
      // A badge's number is no pseudonym, and does not stand in the journal.
      ...(kind === 'badge' ? {} : { item: { kind, id } }),
    }
    const body = item === undefined ? {} : { body: JSON.stringify(item) }
    return { revision: await write({ at: now(), kind, id, ...body, expected, base, events: [event] }) }
  }

  #checkShape(kind: ItemKind, id: string, item: unknown): void {
    const fault = ITEM_SHAPES[kind].error(item)
    if (fault) throw invalid(kind, id, fault.path || '/', said(fault.expected))
    if (kind === 'site') return
    const own = idOf(item as { id: string } | { uid: string })
    const field = kind === 'badge' ? '/uid' : '/id'
    if (own !== id)
      throw invalid(kind, id, field, {
        en: `${shown(id)}, the item that is put`,
        fr: `${shown(id)}, l’élément que l’on met`,
      })
  }
}

const find = (site: Site, kind: ItemKind, id: string): unknown =>
  kind === 'site' ? (id === 'site' ? site.site : undefined) : itemsOf(site, kind).find(item => idOf(item) === id)

function needKind(kind: string): ItemKind {
  if (isItemKind(kind)) return kind
  const all = ITEM_KINDS.join(', ')
  throw new VigieError('input-invalid', { field: 'kind', expected: { en: `one of ${all}`, fr: `l’un de ${all}` } })
}

/** The id may be left out; it may change only while no device holds a certificate for it. */
function keepSiteId({ site }: Site, next: Site['site'], holders: number): Site['site'] {
  if (next.id !== undefined && next.id !== site.id && holders > 0)
    throw new VigieError('site-conflict', { field: next.id, count: holders })
  return { ...next, ...(site.id === undefined ? {} : { id: next.id ?? site.id }) }
}

/** A problem of the whole site, told as one of the item it is in: `/roles/3/rights/0/zone` is `/rights/0/zone` of that role. */
function misfit(site: Site, { pointer, expected }: Problem): VigieError {
  const [, list = '', index = '', ...rest] = pointer.split('/')
  const kind = ITEM_KINDS.find(k => k !== 'site' && ITEM_LISTS[k] === list)
  const item = kind && kind !== 'site' ? itemsOf(site, kind)[Number(index)] : undefined
  if (!kind || !item) return invalid('site', 'site', pointer, said(expected))
  return invalid(kind, idOf(item), `/${rest.join('/')}`, said(expected))
}

const invalid = (kind: ItemKind, id: string, field: string, expected: Said): VigieError =>
  new VigieError('item-invalid', { kind, id: shown(id), field, expected })
