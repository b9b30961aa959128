/** Who holds what, as it is answered. */
import { Type } from '#devices/schema.ts'
import type { HeldAccount, HeldBadge, Inventory, InventoryLine } from '../../api.ts'
import { INVENTORY_FLAGS } from '../../rules/inventory.ts'
import { ROLES } from '../../rules/roles.ts'
import { Count, type Fits, Ms, named, type Proven, strict, Text } from './parts.ts'

const Flag = named('InventoryFlag', Type.Enum([...INVENTORY_FLAGS]))
export const HeldBadgeShape = named(
  'HeldBadge',
  Type.Object(
    {
      uid: Type.String({ description: 'In full for whoever may issue badges, else its last four digits' }),
      status: Type.Enum(['active', 'suspended', 'lost', 'revoked']),
      lastUsedAt: Type.Optional(Type.Integer({ description: 'Absent: never, as far as the journal goes back; ms' })),
      unused: Type.Boolean(),
    },
    strict,
  ),
)
export const HeldAccountShape = named(
  'HeldAccount',
  Type.Object(
    {
      login: Text,
      name: Text,
      role: Type.Enum([...ROLES]),
      zones: Type.Optional(Type.Array(Text)),
      status: Type.Enum(['active', 'invited', 'disabled']),
      secondFactor: Type.Boolean(),
      external: Type.Boolean({ description: 'Signs in through the hospital’s identity provider' }),
      lastSignInAt: Type.Optional(Ms),
      tokens: Count,
      unused: Type.Boolean(),
    },
    strict,
  ),
)
export const InventoryLineShape = named(
  'InventoryLine',
  Type.Object(
    {
      key: Text,
      person: Type.Optional(
        Type.Object(
          {
            id: Text,
            name: Text,
            kind: Type.Enum(['staff', 'visitor', 'contractor']),
            validUntil: Type.Optional(Ms),
          },
          { ...strict, description: 'Absent: an account of nobody in the site' },
        ),
      ),
      badges: Type.Array(HeldBadgeShape),
      accounts: Type.Array(HeldAccountShape),
      grants: Count,
      pin: Type.Boolean(),
      flags: Type.Array(Flag),
    },
    strict,
  ),
)
export const InventoryShape = named(
  'Inventory',
  Type.Object(
    {
      lines: Type.Array(InventoryLineShape),
      next: Type.Optional(Text),
      total: Count,
      counts: Type.Object(
        {
          departed: Count,
          'no-holder': Count,
          'no-second-factor': Count,
          unused: Count,
          'never-signed-in': Count,
        },
        strict,
      ),
      since: Type.Optional(Type.Integer({ description: 'The journal goes back so far, ms' })),
    },
    strict,
  ),
)
export type InventoryProven = Proven<
  [
    Fits<typeof HeldBadgeShape, HeldBadge>,
    Fits<typeof HeldAccountShape, HeldAccount>,
    Fits<typeof InventoryLineShape, InventoryLine>,
    Fits<typeof InventoryShape, Inventory>,
  ]
>
