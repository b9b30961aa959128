/** Answers to what operators do: emergencies, reviews, grants, badges, PINs, items of the site. */
import { Type } from '#devices/schema.ts'
import { PointClassSchema } from '../../access/site.ts'
import type {
  AccountedFor,
  BadgeLostDone,
  DepartureDone,
  EvacuationMuster,
  EvacuationStarted,
  Grant,
  GrantIssued,
  GrantList,
  GrantsIssued,
  InterlockResetDone,
  LockdownStarted,
  PassbackResetDone,
  PeopleFound,
  PinDone,
  PlanEnded,
  Review,
  ReviewList,
  SiteItem,
  SiteItemIds,
} from '../../api.ts'
import { OriginShape } from './live.ts'
import { Count, type Fits, Ms, named, type Proven, SomeoneShape, strict, Text } from './parts.ts'

const RecordedIn = Type.Enum(['journal', 'spool', 'pending'], {
  description: 'spool: on disk, and a row when the journal is back; pending: in memory only',
})
const IN_FORCE = { revision: Type.Optional(Count), recorded: RecordedIn }
const PERHAPS_IN_FORCE = { revision: Type.Optional(Count), recorded: Type.Optional(RecordedIn) }
/** Registry revision that an act made. */
export const RevisedShape = named('Revised', Type.Object({ revision: Count }, strict))

export const LockdownStartedShape = named(
  'LockdownStarted',
  Type.Object({ ...IN_FORCE, plan: Text, since: Ms, until: Ms }, strict),
)
export const EvacuationStartedShape = named(
  'EvacuationStarted',
  Type.Object({ ...IN_FORCE, plan: Text, since: Ms }, strict),
)
export const PlanEndedShape = named('PlanEnded', Type.Object({ ...IN_FORCE, plan: Text }, strict))
export const AccountedForShape = named('AccountedFor', Type.Object({ ...PERHAPS_IN_FORCE, at: Ms }, strict))
export const PassbackResetShape = named('PassbackReset', Type.Object({ revision: Count, count: Count }, strict))
export const InterlockResetShape = named('InterlockReset', Type.Object({ revision: Count, accessPoint: Text }, strict))

const MUSTERED = { id: Type.Optional(Text), name: Text }
export const MusterShape = named(
  'Muster',
  Type.Object(
    {
      plan: Text,
      name: Text,
      since: Type.Optional(Ms),
      inside: Type.Array(Type.Object({ ...MUSTERED, zone: Text, since: Ms, accessPoint: Text }, strict)),
      safe: Type.Array(
        Type.Object({ ...MUSTERED, at: Ms, accessPoint: Type.Optional(Text), by: Type.Optional(Text) }, strict),
      ),
      onDutyUnknown: Type.Array(Type.Object(MUSTERED, strict)),
    },
    strict,
  ),
)

const ReviewShape = named(
  'Review',
  Type.Object(
    {
      id: Text,
      person: SomeoneShape,
      accessPoint: Text,
      zone: Text,
      at: Ms,
      dueAt: Ms,
      overdue: Type.Boolean(),
      escalations: Count,
      statedReason: Text,
      own: Type.Boolean({ description: 'Yours, so that you cannot close it' }),
      needsPerson: Type.Boolean({ description: 'You are linked to nobody of the site, and cannot close it before' }),
    },
    strict,
  ),
)
export const ReviewListShape = named('ReviewList', Type.Object({ reviews: Type.Array(ReviewShape) }, strict))
export const ReviewClosedShape = named('ReviewClosed', Type.Object({ id: Text, revision: Count }, strict))

const GrantShape = named(
  'Grant',
  Type.Object(
    {
      id: Text,
      person: Text,
      target: Type.Optional(
        Type.Object(
          {
            zone: Type.Optional(Text),
            accessPoint: Type.Optional(Text),
            classes: Type.Optional(Type.Array(PointClassSchema)),
          },
          strict,
        ),
      ),
      from: Ms,
      until: Ms,
      origin: OriginShape,
      by: Text,
      reference: Type.Optional(Text),
      key: Type.Optional(Text),
    },
    strict,
  ),
)
export const GrantIssuedShape = named('GrantIssued', Type.Object({ revision: Count, grant: GrantShape }, strict))
/** One, or as many as were sent. */
export const GrantsIssuedShape = named(
  'GrantsIssued',
  Type.Object({ revision: Count, grants: Type.Array(GrantShape) }, strict),
)
export const GrantListShape = named(
  'GrantList',
  Type.Object(
    {
      grants: Type.Array(GrantShape),
      next: Type.Optional(Type.String({ description: 'Pass as after for the next page; absent at the end' })),
    },
    strict,
  ),
)

export const BadgeLostShape = named(
  'BadgeLost',
  Type.Object(
    {
      ...PERHAPS_IN_FORCE,
      person: Text,
      ended: Count,
      pending: Type.Array(
        Type.Object(
          { accessPoint: Text, device: Text, why: Type.Enum(['released', 'device-offline', 'lock-silent']) },
          { ...strict, description: 'Where the revocation has not arrived yet' },
        ),
      ),
    },
    strict,
  ),
)
export const DepartedShape = named(
  'Departed',
  Type.Object({ ...IN_FORCE, person: Text, badges: Count, grants: Count, accounts: Count }, strict),
)
export const PinDoneShape = named(
  'PinDone',
  Type.Object({ revision: Type.Optional(Count), changed: Type.Boolean() }, strict),
)
export const SiteItemShape = named(
  'SiteItem',
  Type.Object({ kind: Text, id: Text, revision: Count, item: Type.Unknown() }, strict),
)
export const PeopleFoundShape = named(
  'PeopleFound',
  Type.Object(
    {
      people: Type.Array(
        Type.Object(
          {
            id: Text,
            name: Text,
            kind: Type.Enum(['staff', 'visitor', 'contractor']),
            validUntil: Type.Optional(Type.Integer({ description: 'Past: they have left; ms since 1970' })),
          },
          strict,
        ),
      ),
      more: Type.Boolean({ description: 'More fit than are named' }),
    },
    strict,
  ),
)
export const SiteItemIdsShape = named(
  'SiteItemIds',
  Type.Object(
    {
      kind: Text,
      ids: Type.Array(Text),
      next: Type.Optional(Type.String({ description: 'Pass as after for the next page; absent at the end' })),
    },
    strict,
  ),
)

export type ActsProven = Proven<
  [
    Fits<typeof LockdownStartedShape, LockdownStarted>,
    Fits<typeof EvacuationStartedShape, EvacuationStarted>,
    Fits<typeof PlanEndedShape, PlanEnded>,
    Fits<typeof AccountedForShape, AccountedFor>,
    Fits<typeof PassbackResetShape, PassbackResetDone>,
    Fits<typeof InterlockResetShape, InterlockResetDone>,
    Fits<typeof MusterShape, EvacuationMuster>,
    Fits<typeof ReviewShape, Review>,
    Fits<typeof ReviewListShape, ReviewList>,
    Fits<typeof GrantShape, Grant>,
    Fits<typeof GrantIssuedShape, GrantIssued>,
    Fits<typeof GrantListShape, GrantList>,
    Fits<typeof GrantsIssuedShape, GrantsIssued>,
    Fits<typeof BadgeLostShape, BadgeLostDone>,
    Fits<typeof DepartedShape, DepartureDone>,
    Fits<typeof PinDoneShape, PinDone>,
    Fits<typeof SiteItemShape, SiteItem>,
    Fits<typeof SiteItemIdsShape, SiteItemIds>,
    Fits<typeof PeopleFoundShape, PeopleFound>,
  ]
>
