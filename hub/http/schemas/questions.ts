/** Answers to questions about rights: who, what, why, what if, what for nothing. */
import { Type } from '#devices/schema.ts'
import { Badge, PointClassSchema } from '../../access/site.ts'
import type { MayAnswer, SimulateAnswer, UnusedAnswer, WhoAnswer, WhyAnswer } from '../../api.ts'
import { OriginShape, ReasonShape } from './live.ts'
import { Count, type Fits, Ms, NamedIdShape, named, type Proven, SaidShape, strict, Text, Yes } from './parts.ts'

const PlaceShape = named(
  'PlaceAsked',
  Type.Object({ id: Text, name: Text, zone: NamedIdShape, class: PointClassSchema }, strict),
)
const DemandShape = named(
  'Demand',
  Type.Object(
    {
      kind: Type.Enum(['pin', 'reason', 'on-duty', 'reference', 'witness']),
      of: Type.Optional(Type.Enum(['patient', 'prescription', 'any'])),
      role: Type.Optional(NamedIdShape),
      withinS: Type.Optional(Type.Number()),
      met: Type.Optional(Yes),
      lacking: Type.Optional(SaidShape),
      text: SaidShape,
    },
    { ...strict, description: 'What has to be met at the reader, beside a valid badge' },
  ),
)
const RULE = {
  kind: Type.Literal('rule'),
  role: NamedIdShape,
  right: Count,
  through: Type.Optional(NamedIdShape),
  schedule: NamedIdShape,
  demands: Type.Array(DemandShape),
  text: SaidShape,
}
const GRANT = {
  kind: Type.Literal('grant'),
  grant: Text,
  origin: OriginShape,
  from: Ms,
  until: Ms,
  demands: Type.Array(DemandShape),
  text: SaidShape,
}
const WayShape = named('Way', Type.Union([Type.Object(RULE, strict), Type.Object(GRANT, strict)]))
const IN_TIME = { open: Type.Boolean(), when: SaidShape }
const WayInTimeShape = named(
  'WayInTime',
  Type.Union([Type.Object({ ...RULE, ...IN_TIME }, strict), Type.Object({ ...GRANT, ...IN_TIME }, strict)]),
)
const ObstacleShape = named(
  'Obstacle',
  Type.Object(
    {
      reason: Type.Union([ReasonShape, Type.Literal('badge-missing')]),
      because: Type.Optional(Text),
      text: SaidShape,
    },
    strict,
  ),
)

export const WhoShape = named(
  'WhoAnswer',
  Type.Object(
    {
      accessPoint: PlaceShape,
      at: Ms,
      timeZone: Text,
      revision: Count,
      may: Type.Array(Type.Object({ person: NamedIdShape, ways: Type.Array(WayShape) }, strict)),
      breakGlass: Type.Array(Type.Object({ person: NamedIdShape, also: Type.Boolean() }, strict)),
      keptOut: Type.Array(
        Type.Object({ person: NamedIdShape, obstacles: Type.Array(ObstacleShape), ways: Type.Array(WayShape) }, strict),
      ),
      notes: Type.Array(SaidShape),
    },
    strict,
  ),
)
export const MayShape = named(
  'MayAnswer',
  Type.Object(
    {
      person: NamedIdShape,
      roles: Type.Array(NamedIdShape),
      at: Ms,
      timeZone: Text,
      revision: Count,
      badges: Type.Array(
        Type.Object({ end: Text, status: Badge.properties.status, obstacle: Type.Optional(ObstacleShape) }, strict),
      ),
      points: Type.Array(
        Type.Object(
          {
            accessPoint: PlaceShape,
            open: Type.Boolean(),
            obstacle: Type.Optional(ObstacleShape),
            ways: Type.Array(WayInTimeShape),
            forbidden: Type.Array(WayInTimeShape),
          },
          strict,
        ),
      ),
      breakGlass: Type.Array(PlaceShape),
      notes: Type.Array(SaidShape),
    },
    strict,
  ),
)

const WhyStepShape = Type.Object(
  { code: Text, outcome: Type.Enum(['passed', 'stopped', 'noted']), text: SaidShape },
  strict,
)
const WhyEventShape = named(
  'WhyEvent',
  Type.Object(
    {
      seq: Count,
      at: Ms,
      person: Type.Optional(NamedIdShape),
      witness: Type.Optional(NamedIdShape),
      accessPoint: Type.Optional(NamedIdShape),
      device: Text,
      point: Text,
      journaled: Type.Object(
        { granted: Type.Boolean(), reason: ReasonShape, because: Type.Optional(Text), text: SaidShape },
        strict,
      ),
      remade: Type.Object({ granted: Type.Boolean(), reason: ReasonShape, text: SaidShape }, strict),
      rights: Count,
      verdict: Type.Enum(['same', 'situation', 'differs']),
      notes: Type.Array(SaidShape),
      steps: Type.Array(WhyStepShape),
    },
    strict,
  ),
)
export const WhyShape = named(
  'WhyAnswer',
  Type.Object(
    { timeZone: Text, events: Type.Array(WhyEventShape), from: Type.Optional(Ms), until: Type.Optional(Ms) },
    strict,
  ),
)

const PairShape = Type.Object(
  {
    person: NamedIdShape,
    accessPoint: NamedIdShape,
    gained: Count,
    lost: Count,
    otherwise: Count,
    first: Type.Object({ seq: Count, at: Ms, before: ReasonShape, after: ReasonShape }, strict),
  },
  strict,
)
const DutyShape = Type.Object(
  {
    person: NamedIdShape,
    accessPoint: NamedIdShape,
    effect: Type.Enum(['loses', 'gains', 'conditions']),
    from: Ms,
    now: Type.Boolean(),
  },
  strict,
)
export const SimulateShape = named(
  'SimulateAnswer',
  Type.Object(
    {
      revision: Count,
      days: Count,
      from: Ms,
      until: Ms,
      journalSince: Type.Optional(Ms),
      events: Count,
      same: Count,
      gained: Count,
      lost: Count,
      otherwise: Count,
      skipped: Count,
      pairs: Type.Array(PairShape),
      morePairs: Count,
      onDuty: Type.Object(
        {
          basis: Type.Enum(['shift', 'granted-12h']),
          people: Count,
          changes: Type.Array(DutyShape),
          more: Count,
        },
        strict,
      ),
      notes: Type.Array(SaidShape),
    },
    strict,
  ),
)
export const UnusedShape = named(
  'UnusedAnswer',
  Type.Object(
    {
      days: Count,
      since: Ms,
      revision: Count,
      journalSince: Type.Optional(Ms),
      rights: Type.Array(Type.Object({ role: NamedIdShape, right: Count, what: SaidShape, pointer: Text }, strict)),
      memberships: Type.Array(Type.Object({ person: NamedIdShape, role: NamedIdShape, pointer: Text }, strict)),
      grants: Type.Array(
        Type.Object(
          { grant: Text, person: NamedIdShape, origin: OriginShape, from: Ms, until: Ms, ended: Type.Boolean() },
          strict,
        ),
      ),
    },
    strict,
  ),
)

export type QuestionsProven = Proven<
  [
    Fits<typeof WhoShape, WhoAnswer>,
    Fits<typeof MayShape, MayAnswer>,
    Fits<typeof WhyShape, WhyAnswer>,
    Fits<typeof SimulateShape, SimulateAnswer>,
    Fits<typeof UnusedShape, UnusedAnswer>,
  ]
>
