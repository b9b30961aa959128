/** Shapes of workstations: answers of operations-stations.ts. */
import { Type } from '#devices/schema.ts'
import type { OwnAccess, StationInfo, StationList, StationMade, StationView } from '../../api.ts'
import { type Fits, Ms, named, type Proven, strict, Text, Yes } from './parts.ts'
import { MayShape } from './questions.ts'

export const StationShape = named(
  'Station',
  Type.Object(
    {
      id: Text,
      name: Text,
      accessPoint: Type.Object({ id: Text, name: Type.Optional(Text) }, strict),
      state: Type.Enum(['waiting', 'paired', 'expired']),
      createdAt: Ms,
      by: Text,
      pairedAt: Type.Optional(Ms),
      expiresAt: Type.Optional(Ms),
      usedAt: Type.Optional(Ms),
    },
    strict,
  ),
)
export const StationListShape = named('StationList', Type.Object({ stations: Type.Array(StationShape) }, strict))
export const StationMadeShape = named(
  'StationMade',
  Type.Object(
    {
      station: StationShape,
      code: Type.String({ description: 'Shown once; typed at the workstation within 15 minutes' }),
      expiresAt: Ms,
    },
    strict,
  ),
)
export const StationInfoShape = named(
  'StationInfo',
  Type.Object(
    {
      paired: Type.Boolean(),
      name: Type.Optional(Text),
      reader: Type.Optional(Text),
      number: Type.Integer({ description: 'Changes with everything else; give it back as `seen`' }),
      badgeUntil: Type.Optional(Type.Integer({ description: 'A badge was granted: until then a PIN may follow, ms' })),
      signedIn: Type.Optional(Yes),
    },
    strict,
  ),
)
export const OwnAccessShape = named(
  'OwnAccess',
  Type.Object({ linked: Type.Boolean(), may: Type.Optional(MayShape) }, strict),
)
export type StationsProven = Proven<
  [
    Fits<typeof StationShape, StationView>,
    Fits<typeof StationListShape, StationList>,
    Fits<typeof StationMadeShape, StationMade>,
    Fits<typeof StationInfoShape, StationInfo>,
    Fits<typeof OwnAccessShape, OwnAccess>,
  ]
>
