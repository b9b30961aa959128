/** What a user of the directory is in Vigie: an id, a name, a login, and the site's roles that groups give. Pure. */
import { type DirectoryMap, siteRolesOf } from './directory.ts'

export interface DirectoryUser {
  readonly userName: string
  readonly displayName?: string
  readonly name?: { readonly formatted?: string; readonly familyName?: string; readonly givenName?: string }
}

const LONGEST_ID = 50
const LONGEST_NAME = 80

/** The name that is shown: what the directory shows, or the whole name, or its parts, or who signs in. */
export function nameOfUser({ userName, displayName, name }: DirectoryUser): string {
  const parts = [name?.givenName, name?.familyName].filter(part => part?.trim()).join(' ')
  const found = [displayName, name?.formatted, parts, userName].find(one => one?.trim()) ?? userName
  return [...found.trim()].slice(0, LONGEST_NAME).join('')
}

/**
 * An id of the site, made of the part before the @: `Camille.Marchand@chu.example` is `camille-marchand`. Letters lose their
 * accents; where none is left, `person` stands.
 */
export function slugOf(userName: string): string {
  const [local = ''] = userName.split('@')
  const plain = local
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain.slice(0, LONGEST_ID).replace(/-+$/, '') || 'person'
}

/** The same with a number after it, from 2 on: for whoever has the same name as somebody else. */
export const numbered = (slug: string, number: number): string => (number < 2 ? slug : `${slug}-${number}`)

/** Accents, case and blanks aside. */
export const sameName = (one: string, other: string): boolean => bare(one) === bare(other)
const bare = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Of an account; undefined where the name of the user can't be one. */
export function loginOf(userName: string): string | undefined {
  const login = userName.toLowerCase()
  return /^[a-z0-9][a-z0-9._@-]{1,62}$/.test(login) ? login : undefined
}

/**
 * Roles that somebody has after the groups were read: those the file of groups can give are given and taken by it, any other
 * is left as it was given in Vigie.
 * @param known roles of the site
 */
export function rolesAfter(
  map: DirectoryMap,
  groups: readonly string[],
  { before, known }: { readonly before: readonly string[]; readonly known: ReadonlySet<string> },
): string[] {
  const ruled = new Set(map.groups.flatMap(({ roles }) => roles ?? []))
  const given = siteRolesOf(map, groups).filter(role => known.has(role))
  return [...new Set([...before.filter(role => !ruled.has(role)), ...given])]
}
