/** Arrivals and departures, as they are asked for and answered. */
import { Type } from '#devices/schema.ts'
import type {
  JobList,
  JobView,
  MovementFiled,
  MovementInvited,
  MovementList,
  MovementView,
  TaskView,
} from '../../api.ts'
import { ROLES } from '../../rules/roles.ts'
import { InvitedShape } from './accounts.ts'
import { type Fits, Ms, NamedIdShape, named, type Proven, strict, Text } from './parts.ts'

const SiteId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const Label = Type.String({ minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const labels = (maxItems: number, description: string) =>
  Type.Array(Label, { maxItems, uniqueItems: true, description })
const roles = Type.Array(SiteId, { maxItems: 50, uniqueItems: true, description: 'Roles of the site' })
const Account = Type.Object(
  {
    role: Type.Enum([...ROLES]),
    zones: Type.Optional(Type.Array(SiteId, { minItems: 1, maxItems: 200, uniqueItems: true })),
  },
  { ...strict, description: 'Of whom Vigie knows as an operator; left out: none' },
)
/** What a job gives: body of a PUT, and the greater part of its view. */
const job = {
  name: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
  roles,
  account: Type.Optional(Account),
  equipment: labels(20, 'Things handed out, and brought back by who leaves'),
  tasks: labels(20, 'Anything else there is to do, in words'),
}
export const JobBody = Type.Object(job, strict)
export const JobShape = named('Job', Type.Object({ id: Text, ...job, revision: Type.Integer() }, strict))
export const JobListShape = named(
  'JobList',
  Type.Object({ jobs: Type.Array(JobShape), next: Type.Optional(Text) }, strict),
)

export const TaskShape = named(
  'MovementTask',
  Type.Object(
    {
      id: Text,
      kind: Type.Enum(['person', 'badge', 'account', 'rights', 'return', 'equipment', 'other'], {
        description: 'The first four are seen by Vigie itself, the others ticked off by hand',
      }),
      label: Type.Optional(Text),
      dueAt: Ms,
      overdue: Type.Boolean(),
      doneAt: Type.Optional(Ms),
      doneBy: Type.Optional(Type.String({ description: 'Absent: seen by Vigie itself' })),
    },
    strict,
  ),
)
export const MovementShape = named(
  'Movement',
  Type.Object(
    {
      id: Text,
      direction: Type.Enum(['arrival', 'departure']),
      state: Type.Enum(['open', 'done', 'cancelled']),
      person: Type.Object({ id: Text, name: Type.Optional(Text) }, strict),
      job: Type.Optional(NamedIdShape),
      zone: Type.Optional(NamedIdShape),
      at: Type.Integer({ description: 'An arrival begins, a departure ends everything; milliseconds since 1970, UTC' }),
      leavesAt: Type.Optional(Ms),
      roles: Type.Array(Text),
      account: Type.Optional(Account),
      mail: Type.Optional(Text),
      note: Type.Optional(Text),
      filedBy: Text,
      filedAt: Ms,
      carriedOutAt: Type.Optional(Type.Integer({ description: 'All that they could come in by was ended, ms' })),
      endedAt: Type.Optional(Ms),
      tasks: Type.Array(TaskShape),
      revision: Type.Integer(),
    },
    strict,
  ),
)
export const MovementListShape = named(
  'MovementList',
  Type.Object({ movements: Type.Array(MovementShape), next: Type.Optional(Type.Integer()) }, strict),
)
export const MovementFiledShape = named(
  'MovementFiled',
  Type.Object(
    { movement: MovementShape, departure: Type.Optional(Type.String({ description: 'Filed with it, by id' })) },
    strict,
  ),
)
export const MovementInvitedShape = named(
  'MovementInvited',
  Type.Object({ movement: MovementShape, invitation: InvitedShape }, strict),
)
export type MovementsProven = Proven<
  [
    Fits<typeof JobShape, JobView>,
    Fits<typeof JobListShape, JobList>,
    Fits<typeof TaskShape, TaskView>,
    Fits<typeof MovementShape, MovementView>,
    Fits<typeof MovementListShape, MovementList>,
    Fits<typeof MovementFiledShape, MovementFiled>,
    Fits<typeof MovementInvitedShape, MovementInvited>,
  ]
>

const Moment = Type.Integer({ minimum: 0, maximum: 8.64e15, description: 'Milliseconds since 1970, UTC' })
const Words = Type.String({ minLength: 1, maxLength: 500, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const Mail = Type.String({ pattern: '^[^\\s@<>,;"]{1,64}@[A-Za-z0-9.-]{1,253}$' })
export const ArrivalBody = Type.Object(
  {
    name: job.name,
    id: Type.Optional(SiteId),
    returning: Type.Optional(Type.Boolean({ description: '`id` is somebody of the site, who comes back' })),
    job: Type.Optional(SiteId),
    zone: Type.Optional(SiteId),
    at: Moment,
    leavesAt: Type.Optional(Moment),
    roles: Type.Optional(roles),
    equipment: Type.Optional(labels(20, 'Beyond what the job gives')),
    mail: Type.Optional(Mail),
    note: Type.Optional(Words),
  },
  strict,
)
export const DepartureBody = Type.Object(
  { person: SiteId, zone: Type.Optional(SiteId), at: Moment, note: Type.Optional(Words) },
  strict,
)
export const MovementChange = Type.Object(
  {
    at: Type.Optional(Moment),
    leavesAt: Type.Optional(Type.Union([Moment, Type.Null()])),
    zone: Type.Optional(SiteId),
    note: Type.Optional(Type.Union([Words, Type.Null()])),
  },
  { ...strict, minProperties: 1 },
)
export const MovementReason = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'Why; it is journaled',
})
