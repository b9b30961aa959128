/** What a site file says of scenarios: what Vigie notices there, and does about it (rules/scenarios.ts). */
import { type Static, Type } from '#devices/schema.ts'
import { EVENT_KINDS } from '../rules/retention.ts'
import { ALERT_KINDS, LONGEST_HELD_MS, LONGEST_SIREN_S, SEVERITIES } from '../rules/scenarios.ts'
import { PointClassSchema } from './site-classes.ts'
import { Id, Name, strict } from './site-parts.ts'

const Span = (description: string) => Type.Integer({ minimum: 1_000, maximum: LONGEST_HELD_MS, description })
const Value = Type.Number({ minimum: -1e6, maximum: 1e6 })
const Quantity = Type.Object(
  {
    quantity: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,31}$',
      description: 'As devices measure it: occupancy (0 or 1), illuminance (lx), battery (%), clock-skew (s)',
    }),
    above: Type.Optional(Value),
    below: Type.Optional(Value),
  },
  { ...strict, description: 'One bound at least; with both, between them' },
)
const Row = Type.Object(
  {
    kinds: Type.Array(Type.Enum(EVENT_KINDS), { minItems: 1, maxItems: 20, description: 'Rows of the journal' }),
    reasons: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 20 })),
  },
  strict,
)
const Match = Type.Union([Row, Quantity])
const When = Type.Union([
  Type.Object(
    {
      begins: Match,
      ends: Type.Optional(Match),
      forMs: Type.Optional(Span('Begins only if it has not ended for so long; milliseconds')),
      times: Type.Optional(
        Type.Object(
          {
            count: Type.Integer({ minimum: 2, maximum: 1_000 }),
            withinMs: Span('Milliseconds'),
          },
          { ...strict, description: 'Begins only when it has come so often within so long' },
        ),
      ),
      quietMs: Type.Optional(Span('Ends when it has not come again for so long; milliseconds')),
    },
    strict,
  ),
  Type.Object(
    {
      at: Type.String({
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        description:
          'Each day, HH:MM on the wall clock of the site; a time that the clocks skip comes right after them',
      }),
    },
    strict,
  ),
  Type.Object(
    {
      sun: Type.Enum(['sunrise', 'sunset'], { description: 'At the position of the site' }),
      offsetMinutes: Type.Optional(
        Type.Integer({ minimum: -240, maximum: 240, description: 'After it; negative: before' }),
      ),
    },
    strict,
  ),
])
const Where = Type.Object(
  {
    zones: Type.Optional(Type.Array(Id, { maxItems: 200, description: 'With the zones below them; none: nothing' })),
    classes: Type.Optional(Type.Array(PointClassSchema, { minItems: 1 })),
    devices: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 500 })),
    accessPoints: Type.Optional(
      Type.Boolean({ description: 'Only what is an access point, or only what is none, such as a window' }),
    ),
  },
  strict,
)
const If = Type.Union([
  Type.Object({ armed: Type.Boolean() }, strict),
  Type.Object({ dark: Type.Boolean() }, strict),
  Type.Object({ onDuty: Type.Boolean({ description: 'Somebody has a shift in the zone' }) }, strict),
  Type.Object({ occupied: Type.Boolean() }, strict),
  Type.Object({ schedule: Id, open: Type.Boolean() }, strict),
  Quantity,
])
const Act = Type.Union([
  Type.Object({ do: Type.Literal('alert'), kind: Type.Enum(ALERT_KINDS), severity: Type.Enum(SEVERITIES) }, strict),
  Type.Object(
    {
      do: Type.Literal('light'),
      on: Type.Boolean(),
      brightness: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Percent' })),
      back: Type.Optional(Type.Boolean({ description: 'The other way again when it ends' })),
    },
    strict,
  ),
  Type.Object({ do: Type.Literal('arm'), armed: Type.Boolean() }, strict),
  Type.Object(
    {
      do: Type.Literal('siren'),
      seconds: Type.Integer({ minimum: 1, maximum: LONGEST_SIREN_S, description: 'At most; silent when it ends' }),
    },
    strict,
  ),
  Type.Object(
    { do: Type.Literal('lock') },
    { ...strict, description: 'Calls back locks of the zone that are released; not because of a bought device' },
  ),
  Type.Object(
    { do: Type.Literal('lockdown'), plan: Id },
    { ...strict, description: 'Begins a lockdown plan; not because of a bought device' },
  ),
  Type.Object({ do: Type.Literal('snapshot') }, strict),
])

export const Scenario = Type.Object(
  {
    id: Id,
    name: Name,
    enabled: Type.Optional(Type.Boolean({ description: 'Default true' })),
    when: When,
    where: Type.Optional(Where),
    if: Type.Optional(Type.Array(If, { maxItems: 10, description: 'All of them, when it would begin' })),
    acts: Type.Array(Act, { minItems: 1, maxItems: 10 }),
  },
  { ...strict, description: 'One with the id of a scenario that every site begins with stands in place of it' },
)
export type Scenario = Static<typeof Scenario>
