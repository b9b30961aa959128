/** A site as it would be after a change of some of its items: checked as strictly as the real thing, stored nowhere. */
import { type Shape, shape } from '#devices/schema.ts'
import { type Said, VigieError } from '../errors.ts'
import type { ItemEdit } from './ask.ts'
import { said } from './french.ts'
import {
  AccessPoint,
  Badge,
  Calendar,
  Device,
  EvacuationPlan,
  Interlock,
  LockdownPlan,
  Person,
  Role,
  Schedule,
  Site,
  Zone,
} from './site.ts'
import {
  ITEM_KINDS,
  ITEM_LISTS,
  type ItemKind,
  idOf,
  isItemKind,
  itemsOf,
  LISTED_KINDS,
  type SiteItems,
  withItem,
} from './site-items.ts'
import { type Knows, type Problem, validate } from './validate.ts'

const SHAPES: { readonly [K in ItemKind]: Shape<SiteItems[K]> } = {
  site: shape(Site.properties.site),
  calendar: shape(Calendar),
  zone: shape(Zone),
  schedule: shape(Schedule),
  device: shape(Device),
  accessPoint: shape(AccessPoint),
  role: shape(Role),
  person: shape(Person),
  badge: shape(Badge),
  interlock: shape(Interlock),
  lockdownPlan: shape(LockdownPlan),
  evacuationPlan: shape(EvacuationPlan),
}

/**
 * @throws VigieError input-invalid naming the field: an item that does not fit, an id unknown or not that of its item, or
 *   a site that would not hold together
 */
export function changedSite(site: Site, edits: readonly ItemEdit[], knows: Knows): Site {
  const next = edits.reduce((so, edit, i) => edited(so, edit, `/changes/${i}`), site)
  const problem = validate(next, knows)[0]
  if (problem) throw invalid(placeOf(problem, next, edits), said(problem.expected))
  return next
}

function edited(site: Site, { kind, id, item }: ItemEdit, at: string): Site {
  if (!isItemKind(kind)) throw invalid(`${at}/kind`, said(`one of ${ITEM_KINDS.join(', ')}`))
  if (item === null) {
    if (kind === 'site' || !itemsOf(site, kind).some(i => idOf(i) === id)) throw invalid(`${at}/id`, UNKNOWN)
    return withItem(site, kind, id, undefined)
  }
  const fresh = checked(kind, item, `${at}/item`)
  if (kind !== 'site' && idOf(fresh as { readonly id: string }) !== id) throw invalid(`${at}/id`, SAME_ID)
  return withItem(site, kind, id, fresh)
}

const UNKNOWN: Said = { en: 'the id of an existing item', fr: 'l’identifiant d’un élément existant' }
const SAME_ID: Said = { en: 'the id that the item itself has', fr: 'l’identifiant que l’élément porte lui-même' }

function checked<K extends ItemKind>(kind: K, item: unknown, at: string): SiteItems[K] {
  const against: Shape<SiteItems[K]> = SHAPES[kind]
  if (against.is(item)) return item
  const error = against.error(item)
  throw invalid(`${at}${error?.path ?? ''}`, said(error?.expected ?? 'a value of the documented shape'))
}

const invalid = (field: string, expected: Said): VigieError => new VigieError('input-invalid', { field, expected })

/** Where a problem of the whole site lies: in terms of the change if it is one of the changed items, else by kind and id. */
function placeOf({ pointer }: Problem, site: Site, edits: readonly ItemEdit[]): string {
  const [, list = '', index = '', ...rest] = pointer.split('/')
  const kind = LISTED_KINDS.find(k => ITEM_LISTS[k] === list)
  if (!kind) return pointer
  const item = itemsOf(site, kind)[Number(index)]
  const id = item ? idOf(item) : index
  const edit = edits.findIndex(e => e.kind === kind && e.id === id)
  return [edit < 0 ? `/${kind}/${id}` : `/changes/${edit}/item`, ...rest].join('/')
}
