/** A site as it would be after a change of some of its items: checked as strictly as the real thing, stored nowhere. */
import { type Said, VigieError } from '../errors.ts'
import type { ItemEdit } from './ask.ts'
import { said } from './french.ts'
import type { Site } from './site.ts'
import { ITEM_KINDS, ITEM_LISTS, idOf, isItemKind, itemsOf, LISTED_KINDS, withItem } from './site-items.ts'
import { isItem, itemMisfit } from './site-shape.ts'
import { type Knows, type Problem, validate } from './validate.ts'

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
  if (isItem(kind, id, item)) return withItem(site, kind, id, item)
  const { pointer, expected } = itemMisfit(kind, item)
  throw invalid(`${at}/item${pointer}`, said(expected))
}

const UNKNOWN: Said = { en: 'the id of an existing item', fr: 'l’identifiant d’un élément existant' }

const invalid = (field: string, expected: Said): VigieError => new VigieError('input-invalid', { field, expected })

/** Where a problem of the whole site lies: in terms of the change if it is one of the changed items, else by kind and id. */
function placeOf({ pointer }: Problem, site: Site, edits: readonly ItemEdit[]): string {
  const [, list, index, ...rest] = pointer.split('/')
  const kind = LISTED_KINDS.find(k => ITEM_LISTS[k] === list)
  if (!kind) return placeInSite(pointer, edits)
  const id = idOf(itemsOf(site, kind)[Number(index)]!)
  const edit = edits.findIndex(e => e.kind === kind && e.id === id)
  return [edit < 0 ? `/${kind}/${id}` : `/changes/${edit}/item`, ...rest].join('/')
}

function placeInSite(pointer: string, edits: readonly ItemEdit[]): string {
  const edit = edits.findIndex(e => e.kind === 'site')
  return edit < 0 ? pointer : pointer.replace('/site', `/changes/${edit}/item`)
}
