/** What a directory can find out about this service provider (RFC 7643, 5 to 7; RFC 7644, 4). */
import {
  type Attribute,
  ENTERPRISE,
  ENTERPRISE_ATTRIBUTES,
  GROUP,
  GROUP_ATTRIBUTES,
  USER,
  USER_ATTRIBUTES,
} from './attributes.ts'
import type { Resource } from './resources.ts'

const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:'
/** Resources in one answer. */
export const MOST_RESULTS = 200

export const SERVICE_PROVIDER: Resource = {
  schemas: [`${SCHEMA}ServiceProviderConfig`],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST_RESULTS },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API token',
      description: 'Made in Vigie with the capability directory.sync',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: '/scim/v2/ServiceProviderConfig' },
}

const typeOf = (id: string, endpoint: string, schema: string, extensions: readonly object[] = []): Resource => ({
  schemas: [`${SCHEMA}ResourceType`],
  id,
  name: id,
  endpoint,
  schema,
  schemaExtensions: extensions,
  meta: { resourceType: 'ResourceType', location: `/scim/v2/ResourceTypes/${id}` },
})
export const RESOURCE_TYPES: readonly Resource[] = [
  typeOf('User', '/Users', USER, [{ schema: ENTERPRISE, required: false }]),
  typeOf('Group', '/Groups', GROUP),
]

const schemaOf = (id: string, name: string, attributes: readonly Attribute[]): Resource => ({
  schemas: [`${SCHEMA}Schema`],
  id,
  name,
  attributes: attributes.map(definition),
  meta: { resourceType: 'Schema', location: `/scim/v2/Schemas/${id}` },
})
export const SCHEMAS: readonly Resource[] = [
  schemaOf(USER, 'User', USER_ATTRIBUTES),
  schemaOf(ENTERPRISE, 'EnterpriseUser', ENTERPRISE_ATTRIBUTES),
  schemaOf(GROUP, 'Group', GROUP_ATTRIBUTES),
]

function definition({ name, type, says, many, required, caseExact, readOnly, unique, sub }: Attribute): Resource {
  return {
    name,
    type,
    multiValued: many === true,
    description: says,
    required: required === true,
    caseExact: caseExact === true,
    mutability: readOnly ? 'readOnly' : 'readWrite',
    returned: 'default',
    uniqueness: unique ? 'server' : 'none',
    ...(type === 'reference' && { referenceTypes: ['User', 'Group'] }),
    ...(sub && { subAttributes: sub.map(definition) }),
  }
}
