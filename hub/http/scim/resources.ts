/** Users and groups as SCIM shows them, and what of them was asked for (RFC 7644, 3.9). */
import type { Pointed, ScimGroup, ScimUser } from '../scim-ports.ts'
import { ENTERPRISE, GROUP, MESSAGE, USER, withoutUrn } from './attributes.ts'

export const USERS = '/scim/v2/Users'
export const GROUPS = '/scim/v2/Groups'

export type Resource = Readonly<Record<string, unknown>>

const etagOf = (revision: number): string => `"${revision}"`

/** @param groups left out where nobody asks for them */
export function userResource({ id, body, ...stored }: ScimUser, groups?: readonly Pointed[]): Resource {
  const { employeeNumber, department, ...core } = body
  const enterprise = {
    ...(employeeNumber !== undefined && { employeeNumber }),
    ...(department !== undefined && { department }),
  }
  const extended = Object.keys(enterprise).length > 0
  return {
    schemas: extended ? [USER, ENTERPRISE] : [USER],
    id,
    ...core,
    ...(groups && { groups: groups.map(g => pointer(GROUPS, g)) }),
    ...(extended && { [ENTERPRISE]: enterprise }),
    meta: metaOf('User', `${USERS}/${id}`, stored),
  }
}

export function groupResource(group: ScimGroup, members?: readonly Pointed[]): Resource {
  const { id, displayName, externalId } = group
  return {
    schemas: [GROUP],
    id,
    ...(externalId !== undefined && { externalId }),
    displayName,
    ...(members && { members: members.map(m => ({ ...pointer(USERS, m), type: 'User' })) }),
    meta: metaOf('Group', `${GROUPS}/${id}`, group),
  }
}

const pointer = (at: string, { id, display }: Pointed) => ({ value: id, $ref: `${at}/${id}`, display })

const metaOf = (
  resourceType: string,
  location: string,
  { createdAt, changedAt, revision }: Pick<ScimGroup, 'createdAt' | 'changedAt' | 'revision'>,
): Resource => ({
  resourceType,
  created: new Date(createdAt).toISOString(),
  lastModified: new Date(changedAt).toISOString(),
  location,
  version: etagOf(revision),
})

/** What `attributes` and `excludedAttributes` ask for: names in lower case, without the URNs of the core schemas. */
export class Wanted {
  readonly #only: ReadonlySet<string> | undefined
  readonly #but: ReadonlySet<string>

  constructor(only: string | undefined, but: string | undefined) {
    this.#only = only === undefined || only.trim() === '' ? undefined : namesIn(only)
    this.#but = namesIn(but ?? '')
  }

  /** Whether it has to be looked up at all. @param name in lower case */
  has(name: string): boolean {
    if (this.#only) return [...this.#only].some(one => one === name || one.startsWith(`${name}.`))
    return !this.#but.has(name)
  }

  of(resource: Resource): Resource {
    return Object.fromEntries(Object.entries(resource).flatMap(([key, value]) => this.#part(key, value)))
  }

  #part(key: string, value: unknown): [string, unknown][] {
    if (ALWAYS.has(key)) return [[key, value]]
    const name = key === ENTERPRISE ? undefined : key.toLowerCase()
    if (name === undefined || !(this.has(name) || this.#only?.has(name)))
      return name ? [] : this.#enterprise(key, value)
    if (this.#only && !this.#only.has(name))
      return [[key, kept(value, sub => this.#only?.has(`${name}.${sub}`) ?? false)]]
    return [[key, kept(value, sub => !this.#but.has(`${name}.${sub}`))]]
  }

  #enterprise(key: string, value: unknown): [string, unknown][] {
    const whole = this.#only?.has(key.toLowerCase()) ?? !this.#but.has(key.toLowerCase())
    const inner = kept(value, sub => (this.#only ? whole || this.#only.has(sub) : whole && !this.#but.has(sub)))
    return Object.keys(inner as object).length > 0 ? [[key, inner]] : []
  }
}

/** Returned whatever is asked for (RFC 7643, 7: returned "always"). */
const ALWAYS: ReadonlySet<string> = new Set(['schemas', 'id'])

const namesIn = (list: string): ReadonlySet<string> =>
  new Set(
    list
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
      .map(name => (withoutUrn(name) ?? name).toLowerCase() || name.toLowerCase()),
  )

function kept(value: unknown, wanted: (sub: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map(one => kept(one, wanted))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => wanted(key.toLowerCase())))
}

/** @param startIndex from 1 */
export const listOf = (resources: readonly Resource[], totalResults: number, startIndex: number) => ({
  schemas: [`${MESSAGE}ListResponse`],
  totalResults,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
})
