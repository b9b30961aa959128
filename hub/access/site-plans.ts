/** What a site file says of days, conditions, plans and house rules. */
import { type Static, Type } from '#devices/schema.ts'
import { PURPOSES, type Purpose } from '../rules/purposes.ts'
import type { PointClass } from './site-classes.ts'
import { Id, LocalDate, Minutes, Name, strict } from './site-parts.ts'

/** What a rule, or a point, asks for beside a valid badge. All of it must be met. */
export const Conditions = Type.Object(
  {
    pin: Type.Optional(Type.Literal(true)),
    reason: Type.Optional(Type.Literal(true)),
    onDuty: Type.Optional(Type.Literal(true, { description: 'A shift of this person is under way' })),
    reference: Type.Optional(Type.Enum(['patient', 'prescription', 'any'])),
    witness: Type.Optional(
      Type.Object(
        {
          role: Id,
          withinS: Type.Integer({ minimum: 5, maximum: 300, description: 'Seconds after the first badge' }),
        },
        { ...strict, description: 'A second person, holding this role, at the same reader' },
      ),
    ),
  },
  { ...strict, minProperties: 1 },
)
export type Conditions = Static<typeof Conditions>

/** Days that are not like others: public holidays, closing days. */
export const Calendar = Type.Object(
  {
    id: Id,
    name: Name,
    days: Type.Array(
      Type.Object(
        {
          date: LocalDate,
          until: Type.Optional(
            Type.String({
              pattern: '^\\d{4}-\\d\\d-\\d\\d$',
              description: 'Last day, inclusive, of several; not for yearly days',
            }),
          ),
          name: Type.Optional(Name),
        },
        strict,
      ),
      { maxItems: 1000 },
    ),
  },
  strict,
)

/** The doors of a man-trap: at most one of them is open or released at a time. */
export const Interlock = Type.Object(
  { id: Id, name: Name, accessPoints: Type.Array(Id, { minItems: 2, maxItems: 8 }) },
  strict,
)
export const LockdownPlan = Type.Object(
  {
    id: Id,
    name: Name,
    zones: Type.Array(Id, { minItems: 1, maxItems: 200 }),
    rank: Type.Integer({
      minimum: 1,
      maximum: 9,
      description: 'Only roles of this lockdownRank or above pass; of several plans in force each has to let them pass',
    }),
    allow: Type.Optional(
      Type.Array(Id, { maxItems: 50, description: 'Clinical allow-list: roles that pass all the same' }),
    ),
    revertAfterMinutes: Minutes(5, 1440, 'Ends by itself after this'),
  },
  strict,
)
export const EvacuationPlan = Type.Object(
  {
    id: Id,
    name: Name,
    zones: Type.Array(Id, {
      minItems: 1,
      maxItems: 200,
      description: 'Whoever was last seen here has to be accounted for',
    }),
    release: Type.Array(Id, { maxItems: 500, description: 'Access points that are released while it lasts' }),
    muster: Type.Array(Id, { maxItems: 50, description: 'Access points whose reader counts a badge as safe' }),
  },
  strict,
)
const Hours = Type.Optional(Type.Integer({ minimum: 1, maximum: 87_600, description: 'Hours' }))
const GrantHours = {
  'controlled-drugs': Hours,
  medicines: Hours,
  'it-equipment': Hours,
  records: Hours,
  door: Hours,
  'escape-door': Hours,
  'crash-cart': Hours,
} as const satisfies Record<PointClass, unknown>
/** What the law asks for is checked with the references, where it can be said why. */
function Days(purpose: Purpose) {
  const { days, min, max, required } = PURPOSES[purpose]
  const law = required ? `; the law asks for ${min} at least` : ''
  const minimum = required ? 1 : min
  return Type.Optional(Type.Integer({ minimum, maximum: max, description: `Days; default ${days}${law}` }))
}
const RetentionDays = {
  'controlled-drugs': Days('controlled-drugs'),
  medicines: Days('medicines'),
  records: Days('records'),
  passages: Days('passages'),
  alarms: Days('alarms'),
  administration: Days('administration'),
  technical: Days('technical'),
} as const satisfies Record<Purpose, unknown>
/** House rules; what is left out is the default. */
export const Policy = Type.Object(
  {
    grantHours: Type.Optional(Type.Object(GrantHours, { ...strict, description: 'Longest temporary grant, by class' })),
    breakGlass: Type.Optional(
      Type.Object(
        {
          minutes: Type.Optional(Minutes(1, 120, 'How long an emergency opening lasts; default 15')),
          perPersonPerDay: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 50, description: 'In any 24 h; default 3' }),
          ),
          reviewWithinHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720, description: 'Default 72' })),
        },
        strict,
      ),
    ),
    retention: Type.Optional(
      Type.Object(RetentionDays, {
        ...strict,
        description: 'How long what the journal says is kept, by what it is kept for; then it is erased',
      }),
    ),
    pin: Type.Optional(
      Type.Object(
        {
          tries: Type.Optional(
            Type.Integer({ minimum: 2, maximum: 10, description: 'Wrong ones before the alarm; default 3' }),
          ),
          slowDownS: Type.Optional(
            Type.Integer({
              minimum: 5,
              maximum: 3600,
              description: 'First pause, doubled each time up to an hour; default 30',
            }),
          ),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type Calendar = Static<typeof Calendar>
export type Interlock = Static<typeof Interlock>
export type LockdownPlan = Static<typeof LockdownPlan>
export type EvacuationPlan = Static<typeof EvacuationPlan>
export type Policy = Static<typeof Policy>
