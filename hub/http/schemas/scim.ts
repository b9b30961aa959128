/** SCIM resources as answers show them (RFC 7643). Open: a client takes what it knows. */
import { Type } from '#devices/schema.ts'
import { named, Text } from './parts.ts'

const open = { additionalProperties: true } as const
const Schemas = Type.Array(Text, { minItems: 1 })
const Meta = Type.Object(
  {
    resourceType: Text,
    location: Text,
    created: Type.Optional(Text),
    lastModified: Type.Optional(Text),
    version: Type.Optional(Text),
  },
  open,
)
const Pointer = Type.Object(
  { value: Type.Optional(Text), $ref: Type.Optional(Text), display: Type.Optional(Text) },
  open,
)

export const ScimUserShape = named(
  'ScimUser',
  Type.Object(
    {
      ...{ schemas: Schemas, id: Text, externalId: Type.Optional(Text), userName: Type.Optional(Text) },
      ...{ displayName: Type.Optional(Text), title: Type.Optional(Text), active: Type.Optional(Type.Boolean()) },
      groups: Type.Optional(Type.Array(Pointer)),
      meta: Type.Optional(Meta),
    },
    open,
  ),
)
export const ScimGroupShape = named(
  'ScimGroup',
  Type.Object(
    {
      ...{ schemas: Schemas, id: Text, externalId: Type.Optional(Text), displayName: Type.Optional(Text) },
      members: Type.Optional(Type.Array(Pointer)),
      meta: Type.Optional(Meta),
    },
    open,
  ),
)
export const ScimResourceShape = named('ScimResource', Type.Object({ schemas: Schemas }, open))
const Count = Type.Integer({ minimum: 0 })
export const ScimListShape = named(
  'ScimList',
  Type.Object(
    {
      ...{ schemas: Schemas, totalResults: Count, startIndex: Count, itemsPerPage: Count },
      Resources: Type.Array(ScimResourceShape),
    },
    open,
  ),
)
export const ScimErrorShape = named(
  'ScimError',
  Type.Object({ schemas: Schemas, scimType: Type.Optional(Text), detail: Text, status: Text }, open),
)
