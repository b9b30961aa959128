/**
 * PATCH (RFC 7644, 3.5.2), as Entra ID and Okta send it: operations in any case, with a path or an object in its place, a
 * filter in a path that nothing matches yet, members taken away by a filter or by a list. All operations or none.
 */
import { VigieError } from '../../errors.ts'
import type { GroupBody, UserBody } from '../scim-ports.ts'
import { type Attribute, GROUP_PLACES, type Place, placeOf, USER_PLACES } from './attributes.ts'
import {
  collect,
  type Draft,
  draftOf,
  drop,
  elements,
  invalid,
  isObject,
  type Json,
  parts,
  put,
  shown,
  textOrFlag,
  userOf,
  type Way,
  without,
} from './draft.ts'
import { equalities, type Filter, matches, parseFilter } from './filter.ts'

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path?: string
  readonly value?: unknown
}

const MOST_OPERATIONS = 1_000

/** @throws VigieError scim-invalid */
export function operationsIn(input: unknown): readonly PatchOperation[] {
  const list = isObject(input) ? read(input, 'operations') : undefined
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_OPERATIONS)
    throw invalid('Operations', {
      en: `a list of 1 to ${MOST_OPERATIONS} operations`,
      fr: `une liste de 1 à ${MOST_OPERATIONS} opérations`,
    })
  return list.map(operationIn)
}

function operationIn(input: unknown): PatchOperation {
  if (!isObject(input)) throw invalid('Operations', { en: 'objects', fr: 'des objets' })
  const [word, path, value] = [read(input, 'op'), read(input, 'path'), read(input, 'value')]
  const op = typeof word === 'string' ? word.toLowerCase() : undefined
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw invalid('op', { en: 'add, replace or remove', fr: 'add, replace ou remove' })
  if (path !== undefined && path !== null && typeof path !== 'string')
    throw invalid('path', { en: 'a text', fr: 'un texte' })
  return { op, ...(typeof path === 'string' && path !== '' && { path }), ...(value !== undefined && { value }) }
}

const read = (object: Json, name: string): unknown =>
  Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1]

interface Target extends Place {
  readonly filter?: Filter
}

/** @returns undefined for what Vigie does not keep @throws VigieError scim-path, scim-filter, scim-read-only */
function targetOf(places: readonly Attribute[], path: string): Target | undefined {
  const [, head = '', filter, sub] = /^([^[\]]+)(?:\[(.*)\](?:\.([A-Za-z$]+))?)?$/s.exec(path) ?? []
  const found = placeOf(places, sub === undefined ? head : `${head}.${sub}`)
  const parsed = filter === undefined ? undefined : parseFilter(filter)
  if (found === 'not-kept') return undefined
  if (placeOf(places, head) === 'not-kept') return undefined
  if (found === 'unknown' || (parsed && !found.attribute.many))
    throw new VigieError('scim-path', { field: shown(path) })
  if (found.attribute.readOnly || found.sub?.readOnly) throw new VigieError('scim-read-only', { field: shown(path) })
  return { ...found, ...(parsed && { filter: parsed }) }
}

/** @throws VigieError scim-invalid, scim-path, scim-filter, scim-target, scim-read-only */
export function patchedUser(now: UserBody, operations: readonly PatchOperation[]): UserBody {
  const draft = draftOf(now)
  for (const operation of operations) changeUser(draft, operation)
  return userOf(draft)
}

function changeUser(draft: Draft, { op, path, value }: PatchOperation): void {
  if (path === undefined) {
    if (op === 'remove') throw new VigieError('scim-target', { field: 'path' })
    if (!isObject(value)) throw invalid('value', { en: 'an object', fr: 'un objet' })
    for (const [key, one] of Object.entries(value)) changeByKey(draft, op, key, one)
    return
  }
  const target = targetOf(USER_PLACES, path)
  if (!target) return
  if (target.filter) draft[target.attribute.name] = inFiltered(draft, target, target.filter, { op, value, path })
  else if (op === 'remove') drop(draft, target)
  else put(draft, target, value, op)
}

/** A key may be a path of its own, such as `name.givenName` or `emails[type eq "work"].value`. */
function changeByKey(draft: Draft, op: Way, key: string, value: unknown): void {
  if (key.includes('[')) changeUser(draft, { op, path: key, value })
  else collect(draft, { [key]: value }, op)
}

function inFiltered(
  draft: Draft,
  { attribute, sub }: Place,
  filter: Filter,
  { op, value, path }: { readonly op: PatchOperation['op']; readonly value: unknown; readonly path: string },
): readonly Json[] {
  const there = elements(draft[attribute.name])
  if (op === 'remove' || value === null)
    return there.flatMap(one => (!matches(filter, one) ? [one] : sub ? [without(one, sub.name)] : []))
  const given = sub ? { [sub.name]: textOrFlag(sub, value) } : parts(attribute, value)
  if (there.some(one => matches(filter, one)))
    return there.map(one => (matches(filter, one) ? { ...one, ...given } : one))
  const meant = Object.fromEntries(equalities(filter).map(({ name, value: equal }) => [name, equal]))
  if (Object.keys(meant).length === 0) throw new VigieError('scim-target', { field: shown(path) })
  return [...there, { ...parts(attribute, meant), ...given }]
}

/** @throws VigieError scim-invalid */
export function groupIn(input: unknown): GroupBody {
  if (!isObject(input)) throw invalid('/', { en: 'an object', fr: 'un objet' })
  const draft: GroupDraft = { members: new Set() }
  for (const [key, value] of Object.entries(input)) changeGroupByKey(draft, 'replace', key, value)
  return groupOf(draft)
}

interface GroupDraft {
  displayName?: string
  externalId?: string
  members: Set<string>
}

/** @throws VigieError scim-invalid, scim-path, scim-filter, scim-read-only */
export function patchedGroup(now: GroupBody, operations: readonly PatchOperation[]): GroupBody {
  const draft: GroupDraft = { ...now, members: new Set(now.members) }
  for (const { op, path, value } of operations) {
    if (path !== undefined) changeGroup(draft, { op, path, value })
    else if (op === 'remove') throw new VigieError('scim-target', { field: 'path' })
    else if (!isObject(value)) throw invalid('value', { en: 'an object', fr: 'un objet' })
    else for (const [key, one] of Object.entries(value)) changeGroupByKey(draft, op, key, one)
  }
  return groupOf(draft)
}

function changeGroupByKey(draft: GroupDraft, op: Way, key: string, value: unknown): void {
  const found = placeOf(GROUP_PLACES, key)
  if (typeof found === 'object' && !found.attribute.readOnly) changeGroup(draft, { op, path: key, value })
}

function changeGroup(draft: GroupDraft, { op, path, value }: PatchOperation & { readonly path: string }): void {
  const target = targetOf(GROUP_PLACES, path)
  if (!target) return
  const { name } = target.attribute
  if (name === 'members') changeMembers(draft, { op, value }, target.filter)
  else if (op === 'remove' || value === null || value === '') delete draft[name as 'displayName' | 'externalId']
  else draft[name as 'displayName' | 'externalId'] = String(textOrFlag(target.attribute, value))
}

function changeMembers(
  draft: GroupDraft,
  { op, value }: Omit<PatchOperation, 'path'>,
  filter: Filter | undefined,
): void {
  const { members } = draft
  if (filter) {
    const named = [...members].filter(id => matches(filter, { value: id }))
    if (op !== 'remove') throw new VigieError('scim-path', { field: 'members' })
    for (const id of named) members.delete(id)
    return
  }
  const given = value === undefined || value === null ? [] : [value].flat().map(memberIn)
  if (op === 'replace') draft.members = new Set(given)
  else if (op === 'add') for (const id of given) members.add(id)
  else if (value === undefined) members.clear()
  else for (const id of given) members.delete(id)
}

function memberIn(input: unknown): string {
  const value = isObject(input) ? read(input, 'value') : input
  if (typeof value === 'string' && value.length > 0 && value.length <= 64) return value
  throw invalid('members', {
    en: 'objects with the id of a user as value',
    fr: 'des objets dont value est l’identifiant d’un utilisateur',
  })
}

function groupOf({ displayName = '', externalId, members }: GroupDraft): GroupBody {
  if (displayName.trim() === '') throw invalid('displayName', { en: 'a name', fr: 'un nom' })
  return { displayName, members, ...(externalId !== undefined && { externalId }) }
}
