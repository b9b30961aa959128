/** Visits, as they are asked for and answered. */
import { Type } from '#devices/schema.ts'
import type { VisitList, VisitMade, VisitPlace, VisitView } from '../../api.ts'
import { type Fits, Ms, NamedIdShape, named, type Proven, strict, Text } from './parts.ts'

const SiteId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const Name = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const Moment = Type.Integer({ minimum: 0, maximum: 8.64e15, description: 'Milliseconds since 1970, UTC' })

export const VisitPlaceShape = named(
  'VisitPlace',
  Type.Object({ kind: Type.Enum(['accessPoint', 'zone']), id: Text, name: Text }, strict),
)
export const VisitShape = named(
  'Visit',
  Type.Object(
    {
      id: Text,
      state: Type.Enum(['announced', 'ended', 'cancelled']),
      visitor: Type.Optional(
        Type.Object(
          { name: Text, company: Type.Optional(Text) },
          { ...strict, description: 'Absent: forgotten since' },
        ),
      ),
      host: NamedIdShape,
      from: Ms,
      until: Ms,
      places: Type.Array(VisitPlaceShape),
      shownAs: Type.Enum(['badge', 'qr']),
      announcedBy: Text,
      announcedAt: Ms,
      endedAt: Type.Optional(Ms),
      endedBy: Type.Optional(Type.String({ description: 'Absent: it ended by itself' })),
      revision: Type.Integer(),
    },
    strict,
  ),
)
export const VisitListShape = named(
  'VisitList',
  Type.Object({ visits: Type.Array(VisitShape), next: Type.Optional(Type.Integer()) }, strict),
)
export const VisitMadeShape = named(
  'VisitMade',
  Type.Object(
    {
      visit: VisitShape,
      code: Type.Optional(Type.String({ description: 'To be shown as a QR code; in this answer and nowhere else' })),
    },
    strict,
  ),
)
export type VisitsProven = Proven<
  [
    Fits<typeof VisitPlaceShape, VisitPlace>,
    Fits<typeof VisitShape, VisitView>,
    Fits<typeof VisitListShape, VisitList>,
    Fits<typeof VisitMadeShape, VisitMade>,
  ]
>

export const VisitBody = Type.Object(
  {
    visitor: Type.Object({ name: Name, company: Type.Optional(Name) }, strict),
    host: SiteId,
    from: Moment,
    until: Moment,
    places: Type.Array(
      Type.Object(
        { accessPoint: Type.Optional(SiteId), zone: Type.Optional(SiteId) },
        { ...strict, minProperties: 1, maxProperties: 1 },
      ),
      { minItems: 1, maxItems: 10, description: 'Doors, or zones whose doors are meant' },
    ),
    badge: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Fa-f]{8,20}$',
        description: 'Handed over; left out: a code is made, to be shown as a QR code',
      }),
    ),
  },
  strict,
)
export const VisitTimes = Type.Object(
  { from: Type.Optional(Moment), until: Type.Optional(Moment) },
  { ...strict, minProperties: 1 },
)
