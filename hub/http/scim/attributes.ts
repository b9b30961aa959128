/** The attributes of SCIM resources that Vigie keeps (RFC 7643, 4 and 7): one table for reading, for changing, and for /Schemas. */

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:'
export const SCIM_TYPE = 'application/scim+json'

export interface Attribute {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'complex' | 'reference'
  readonly says: string
  readonly many?: true
  readonly required?: true
  readonly caseExact?: true
  readonly readOnly?: true
  readonly unique?: true
  readonly sub?: readonly Attribute[]
}

const text = (name: string, says: string, more: Partial<Attribute> = {}): Attribute => ({
  ...{ name, type: 'string', says },
  ...more,
})

export const USER_ATTRIBUTES: readonly Attribute[] = [
  text('userName', 'Who signs in; the login of the account, where a group gives one', { required: true, unique: true }),
  {
    ...{ name: 'name', type: 'complex', says: 'The parts of the name' },
    sub: [
      text('formatted', 'The whole name'),
      text('familyName', 'The family name'),
      text('givenName', 'The given name'),
    ],
  },
  text('displayName', 'The name that Vigie shows'),
  text('title', 'The job'),
  { name: 'active', type: 'boolean', says: 'False: badges, temporary access, PIN and account end at once' },
  {
    ...{ name: 'emails', type: 'complex', many: true, says: 'Addresses' },
    sub: [
      text('value', 'The address'),
      text('type', 'Such as work'),
      { name: 'primary', type: 'boolean', says: 'The one to write to' },
    ],
  },
  {
    ...{ name: 'groups', type: 'complex', many: true, readOnly: true, says: 'Groups that name this user' },
    sub: [
      text('value', 'Id of the group', { caseExact: true, readOnly: true }),
      { name: '$ref', type: 'reference', says: 'Address of the group', caseExact: true, readOnly: true },
      text('display', 'Name of the group', { readOnly: true }),
    ],
  },
]
export const ENTERPRISE_ATTRIBUTES: readonly Attribute[] = [
  text('employeeNumber', 'Number in the books of the house'),
  text('department', 'Where they work'),
]
export const GROUP_ATTRIBUTES: readonly Attribute[] = [
  text('displayName', 'By this name, or by its externalId, the file of groups names it', { required: true }),
  {
    ...{ name: 'members', type: 'complex', many: true, says: 'Users' },
    sub: [
      text('value', 'Id of the user', { caseExact: true }),
      { name: '$ref', type: 'reference', says: 'Address of the user', caseExact: true, readOnly: true },
      text('display', 'Name of the user', { readOnly: true }),
      text('type', 'User; groups in groups are not kept', { readOnly: true }),
    ],
  },
]

/** Of the standard, sent by default and not kept: a change of one is taken, and changes nothing. In lower case. */
const NOT_KEPT: ReadonlySet<string> = new Set(
  [
    ...['nickName', 'profileUrl', 'userType', 'preferredLanguage', 'locale', 'timezone', 'password'],
    ...['phoneNumbers', 'ims', 'photos', 'addresses', 'entitlements', 'roles', 'x509Certificates'],
    ...['name.middleName', 'name.honorificPrefix', 'name.honorificSuffix', 'emails.display'],
    ...['costCenter', 'organization', 'division', 'manager'],
  ].map(name => name.toLowerCase()),
)

/** A place in a resource, as the table spells it. */
export interface Place {
  readonly attribute: Attribute
  readonly sub?: Attribute
}
export type Found = Place | 'not-kept' | 'unknown'

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
const named = (list: readonly Attribute[], name: string): Attribute | undefined => list.find(a => same(a.name, name))

/** externalId is common to all resources (RFC 7643, 3.1). */
const EXTERNAL_ID = text('externalId', 'Its id in the directory', { caseExact: true })
/** Said by the server alone. */
const COMMON: readonly Attribute[] = ['id', 'meta', 'schemas'].map(name => text(name, '', { readOnly: true }))

export const USER_PLACES: readonly Attribute[] = [
  ...[EXTERNAL_ID, ...COMMON],
  ...USER_ATTRIBUTES,
  ...ENTERPRISE_ATTRIBUTES,
]
export const GROUP_PLACES: readonly Attribute[] = [...[EXTERNAL_ID, ...COMMON], ...GROUP_ATTRIBUTES]

/**
 * Finds what a path names, case aside and with or without the URN of its schema (RFC 7644, 3.10).
 * @param path without a filter, such as `name.givenName`
 */
export function placeOf(places: readonly Attribute[], path: string): Found {
  const bare = withoutUrn(path)
  if (bare === undefined) return 'not-kept'
  const [head = '', tail, ...rest] = bare.split('.')
  const attribute = named(places, head)
  if (!attribute) return NOT_KEPT.has(head.toLowerCase()) ? 'not-kept' : 'unknown'
  if (tail === undefined) return { attribute }
  const sub = rest.length === 0 ? named(attribute.sub ?? [], tail) : undefined
  if (sub) return { attribute, sub }
  return NOT_KEPT.has(bare.toLowerCase()) ? 'not-kept' : 'unknown'
}

/** @returns undefined where the schema is one that Vigie knows nothing of */
export function withoutUrn(path: string): string | undefined {
  if (!/^urn:/i.test(path)) return path
  const known = [USER, GROUP, ENTERPRISE].find(urn => same(path.slice(0, urn.length), urn))
  const rest = known === undefined ? undefined : path.slice(known.length)
  return rest?.startsWith(':') ? rest.slice(1) : undefined
}
