/** Connected applications, as they are asked for and answered. */
import { Type } from '#devices/schema.ts'
import { GRANT_ORIGINS } from '../../access/grants.ts'
import { PointClassSchema } from '../../access/site.ts'
import type { OwnTenant, TenantCutOffDone, TenantList, TenantScope, TenantTokenMade, TenantView } from '../../api.ts'
import { TENANT_KINDS, TENANT_LIMITS } from '../../rules/tenant-scope.ts'
import { Count, type Fits, Ms, named, type Proven, strict, Text } from './parts.ts'

const SiteId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const ids = (maxItems: number, description?: string) =>
  Type.Array(SiteId, { maxItems, uniqueItems: true, ...(description !== undefined && { description }) })

export const TenantScopeShape = named(
  'TenantScope',
  Type.Object(
    {
      zones: ids(200, 'With those below them'),
      accessPoints: ids(1_000),
      classes: Type.Array(PointClassSchema, { maxItems: 20, uniqueItems: true }),
      origins: Type.Array(Type.Enum([...GRANT_ORIGINS]), {
        maxItems: 10,
        uniqueItems: true,
        description: 'None: it writes no grants. shift: it says who is on duty, too',
      }),
      longestMs: Type.Integer({ minimum: 60_000, maximum: TENANT_LIMITS.longestMs, description: 'Of one grant' }),
      aheadMs: Type.Integer({
        minimum: 60_000,
        maximum: TENANT_LIMITS.aheadMs,
        description: 'From now to the end of a grant',
      }),
      mostGrants: Type.Integer({ minimum: 0, maximum: TENANT_LIMITS.grants, description: 'That have not ended' }),
      people: Type.Union([
        Type.Literal('everyone'),
        Type.Object({ roles: ids(500), ids: ids(5_000) }, { ...strict, description: 'Of the site' }),
      ]),
      events: Type.Array(Type.Enum([...TENANT_KINDS]), { maxItems: 50, uniqueItems: true }),
      webhooks: Type.Boolean(),
    },
    { ...strict, description: 'What an application may do; nothing else' },
  ),
)

const OWN = { id: Text, name: Text, scope: TenantScopeShape, expiresAt: Ms, grants: Count }
export const OwnTenantShape = named('OwnTenant', Type.Object(OWN, strict))
export const TenantViewShape = named(
  'Tenant',
  Type.Object(
    {
      ...OWN,
      status: Type.Enum(['active', 'cut-off']),
      createdAt: Ms,
      by: Type.Optional(Text),
      usedAt: Type.Optional(Ms),
      cutOffAt: Type.Optional(Ms),
      revision: Count,
    },
    strict,
  ),
)
export const TenantListShape = named('TenantList', Type.Object({ tenants: Type.Array(TenantViewShape) }, strict))
export const TenantTokenShape = named(
  'TenantToken',
  Type.Object({ token: Type.String({ description: 'Shown once' }), tenant: TenantViewShape }, strict),
)
export const TenantCutOffShape = named('TenantCutOff', Type.Object({ tenant: TenantViewShape, grants: Count }, strict))

export type TenantsProven = Proven<
  [
    Fits<typeof TenantScopeShape, TenantScope>,
    Fits<typeof OwnTenantShape, OwnTenant>,
    Fits<typeof TenantViewShape, TenantView>,
    Fits<typeof TenantListShape, TenantList>,
    Fits<typeof TenantTokenShape, TenantTokenMade>,
    Fits<typeof TenantCutOffShape, TenantCutOffDone>,
  ]
>
