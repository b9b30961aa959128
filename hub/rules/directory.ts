/**
 * What groups of the hospital's directory stand for: a role in Vigie, roles of the site, or both. One file, which sign-in by
 * the identity provider and SCIM both go by. A group that it doesn't name stands for nothing. Pure.
 */

import { type Static, shape, Type } from '#devices/schema.ts'
import { said } from '../access/french.ts'
import { type JsonFault, jsonFault, locate, positionOf } from '../access/json-text.ts'
import { type Said, VigieError } from '../errors.ts'
import { ROLES, type Role } from './roles.ts'

const strict = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const Ids = Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true })
const Account = Type.Object({ role: Type.Enum([...ROLES]), zones: Type.Optional(Ids) }, strict)
const Entry = Type.Object(
  {
    /** As the directory writes it, letter by letter: a name, a path, or the object id that Entra ID sends. */
    group: Type.String({ minLength: 1, maxLength: 256, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    /** Members have an account with this role: everywhere, or in these zones. */
    operator: Type.Optional(Account),
    /** Members have these roles of the site, by id. */
    roles: Type.Optional(Ids),
  },
  { ...strict, minProperties: 2 },
)
const MAP = shape(Type.Object({ groups: Type.Array(Entry, { maxItems: 2_000 }) }, strict))

export type DirectoryEntry = Static<typeof Entry>
export interface DirectoryMap {
  readonly groups: readonly DirectoryEntry[]
}
/** What an operator of the directory may do. `zones` absent: everywhere. */
export interface DirectoryOperator {
  readonly role: Role
  readonly zones?: readonly string[]
}

/**
 * Pure: `file` is only a name for messages. Fields of the error: `file`, `line` (from 1), `field` (a JSON pointer that names
 * the entry) and `expected`.
 * @throws VigieError directory-invalid
 */
export function parseDirectory(text: string, file: string): DirectoryMap {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const fault = jsonFault(source)
  if (fault) throw notJson(source, file, fault)
  const value: unknown = JSON.parse(source)
  const misfit = MAP.error(value)
  if (!MAP.is(value)) throw misfitAt(source, file, misfit?.path ?? '', said(misfit?.expected ?? ''))
  const twice = value.groups.findIndex(({ group }, i) => value.groups.findIndex(other => other.group === group) < i)
  if (twice >= 0) throw misfitAt(source, file, `/groups/${twice}/group`, ONCE)
  return value
}

const ONCE: Said = { en: 'a group that no entry above names', fr: 'un groupe qu’aucune entrée plus haut ne nomme' }

function notJson(source: string, file: string, { offset, expected, pointer }: JsonFault): VigieError {
  const { line } = positionOf(source, offset)
  return new VigieError('directory-invalid', { file, line, field: harmless(pointer ?? '/'), expected: said(expected) })
}

function misfitAt(source: string, file: string, pointer: string, expected: Said): VigieError {
  const { line } = positionOf(source, locate(source, [pointer]).get(pointer) ?? 0)
  return new VigieError('directory-invalid', { file, line, field: pointer || '/', expected })
}

/** A field name of the file's author ends in a log and on a page. */
const harmless = (pointer: string): string => pointer.replace(/[^A-Za-z0-9_/.$~-]/g, '?').slice(0, 80)

/**
 * The account that these groups give: that of the first entry, in the order of the file, which has one and names one of them.
 * @returns undefined where no entry does: nobody gets an account by being in a group that isn't named
 */
export function operatorOf(
  { groups: entries }: DirectoryMap,
  groups: readonly string[],
): DirectoryOperator | undefined {
  const theirs = new Set(groups)
  return entries.find(entry => entry.operator !== undefined && theirs.has(entry.group))?.operator
}

/** Ids of the site's roles that these groups give: of every entry that names one of them, in the order of the file, each once. */
export function siteRolesOf({ groups: entries }: DirectoryMap, groups: readonly string[]): string[] {
  const theirs = new Set(groups)
  return [...new Set(entries.flatMap(({ group, roles }) => (theirs.has(group) ? (roles ?? []) : [])))]
}

/** What the map names and the site doesn't have: worth a line in the log, no reason to refuse the rest. JSON pointers. */
export function strangersIn(
  { groups }: DirectoryMap,
  site: { readonly zones: readonly { readonly id: string }[]; readonly roles: readonly { readonly id: string }[] },
): string[] {
  const [zones, roles] = [site.zones, site.roles].map(list => new Set(list.map(({ id }) => id)))
  return groups.flatMap((entry, i) => [
    ...(entry.operator?.zones ?? []).flatMap((id, at) => (zones?.has(id) ? [] : `/groups/${i}/operator/zones/${at}`)),
    ...(entry.roles ?? []).flatMap((id, at) => (roles?.has(id) ? [] : `/groups/${i}/roles/${at}`)),
  ])
}
