/**
 * A site as data: who, where, when, which things. The same shape is the file given to `vigie apply`, what the registry
 * stores, and what the snapshot is compiled from. docs/site.schema.json is generated from here.
 */
import { ID_PATTERN } from '#devices/messages.ts'
import { type Static, Type } from '#devices/schema.ts'
import { Escalation, Rota } from './site-alerting.ts'
import { type PointClass, PointClassSchema } from './site-classes.ts'
import { Clock, Id, Instant, Minutes, Name, strict } from './site-parts.ts'
import { Calendar, Conditions, EvacuationPlan, Interlock, LockdownPlan, Policy } from './site-plans.ts'
import { Scenario } from './site-scenarios.ts'

export { Escalation, Rota } from './site-alerting.ts'
export { CLASSES, FailureMode, type PointClass, PointClassSchema } from './site-classes.ts'
export { Calendar, Conditions, EvacuationPlan, Interlock, LockdownPlan, Policy } from './site-plans.ts'
export { Scenario } from './site-scenarios.ts'

const Metres = Type.Number({ minimum: 0, maximum: 10_000 })
const validity = { validFrom: Type.Optional(Instant), validUntil: Type.Optional(Instant) }

export const Zone = Type.Object(
  {
    id: Id,
    name: Name,
    parent: Type.Optional(Id),
    antiPassback: Type.Optional(
      Type.Object(
        {
          mode: Type.Enum(['hard', 'soft', 'timed'], {
            description:
              'hard refuses a second entry without an exit; soft lets in and records; timed refuses for so many minutes',
          }),
          minutes: Type.Optional(Minutes(1, 1440, 'timed only')),
        },
        { ...strict, description: 'Counts passages of access points with a passage; leaving is never refused for it' },
      ),
    ),
    occupancyLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** Position on the floor plan, metres from its top left corner. */
    plan: Type.Optional(
      Type.Object(
        {
          x: Metres,
          y: Metres,
          width: Metres,
          height: Metres,
          kind: Type.Enum(['tent', 'room', 'corridor', 'outdoor']),
          code: Type.Optional(Type.String({ maxLength: 8 })),
        },
        strict,
      ),
    ),
  },
  strict,
)
export const Schedule = Type.Object(
  {
    id: Id,
    name: Name,
    weekly: Type.Array(
      Type.Object(
        {
          days: Type.Array(Type.Enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), { minItems: 1, maxItems: 7 }),
          from: Clock,
          to: Clock,
        },
        strict,
      ),
      {
        maxItems: 50,
        description:
          'Windows on the wall clock; to before or equal to from runs over midnight into the next day. They may touch, not overlap. A time that comes twice when clocks change counts at its first coming.',
      },
    ),
    specialDays: Type.Optional(
      Type.Array(
        Type.Object(
          { calendar: Id, hours: Type.Array(Type.Object({ from: Clock, to: Clock }, strict), { maxItems: 10 }) },
          strict,
        ),
        {
          maxItems: 10,
          description:
            'On a day of the calendar these hours stand instead of the weekly ones; none means closed. A window belongs to the day it begins on. Where a day is in several calendars the first of this list counts.',
        },
      ),
    ),
  },
  strict,
)
export const Device = Type.Object(
  {
    id: Id,
    model: Id,
    name: Name,
    zone: Id,
    plan: Type.Optional(Type.Object({ x: Metres, y: Metres }, strict)),
    behind: Type.Optional(
      Type.Object(
        {
          gateway: Id,
          address: Type.String({
            pattern: '^[^\\u0000-\\u001f\\u007f#+$][^\\u0000-\\u001f\\u007f#+]{0,119}$',
            description:
              'As the gateway names it: Zigbee2MQTT friendly name, Shelly or ESPHome topic prefix, Tasmota topic',
          }),
          part: Type.Optional(
            Type.String({
              pattern: '^[A-Za-z0-9_.:-]{1,64}$',
              description: 'One of several under that address: left, switch:1, POWER2, Switch1, an ESPHome object id',
            }),
          ),
          inverted: Type.Optional(Type.Boolean({ description: 'It says open for closed, on for off' })),
        },
        { ...strict, description: 'Bought devices only: whose words count as this device’s' },
      ),
    ),
  },
  strict,
)
const PointName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$' })
export const AccessPoint = Type.Object(
  {
    id: Id,
    name: Name,
    zone: Id,
    class: PointClassSchema,
    failureMode: Type.Optional(
      Type.Enum(['secure', 'open-with-alarm'], {
        description:
          'While the journal cannot be written; only where the class leaves the choice. Default: that of the class',
      }),
    ),
    device: Type.String({
      pattern: ID_PATTERN,
      description: 'The device of the reader; point is what its badge messages name',
    }),
    point: PointName,
    lock: Type.Optional(
      Type.Object(
        { device: Id, point: PointName },
        { ...strict, description: 'Only where the lock hangs on another device than the reader' },
      ),
    ),
    unlockMs: Type.Optional(
      Type.Integer({ minimum: 500, maximum: 60_000, description: 'How long the lock is released; default 5000' }),
    ),
    requires: Type.Optional(Conditions),
    passage: Type.Optional(
      Type.Object(
        { from: Id, to: Id },
        {
          ...strict,
          description: 'Whoever passes goes from one zone to another: counted for anti-passback, occupancy, muster',
        },
      ),
    ),
  },
  strict,
)
const Scope = {
  zone: Type.Optional(Id),
  accessPoint: Type.Optional(Id),
  classes: Type.Optional(Type.Array(PointClassSchema, { minItems: 1 })),
}
/** One access point, or the points of a zone and of the zones below it, or those of some classes, or both of the latter. */
export interface Scope {
  readonly zone?: string
  readonly accessPoint?: string
  readonly classes?: readonly PointClass[]
}
export const Role = Type.Object(
  {
    id: Id,
    name: Name,
    rights: Type.Array(
      Type.Object(
        {
          ...Scope,
          schedule: Id,
          effect: Type.Optional(Type.Enum(['allow', 'deny'], { description: 'Default allow; deny always wins' })),
          requires: Type.Optional(Conditions),
        },
        strict,
      ),
      {
        maxItems: 500,
        description:
          'Each is about one accessPoint, or all points of a zone and of the zones below it, or all points of some classes; classes also narrows a zone.',
      },
    ),
    inherits: Type.Optional(Type.Array(Id, { maxItems: 20, description: 'Roles whose rights this one has too' })),
    breakGlass: Type.Optional(
      Type.Array(Type.Object(Scope, strict), {
        maxItems: 50,
        description:
          'Where holders may open in an emergency, giving a reason, whatever hours, conditions or lockdown say',
      }),
    ),
    lockdownRank: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 9, description: 'Passes lockdowns up to this rank; default 0' }),
    ),
  },
  strict,
)
export const Person = Type.Object(
  {
    id: Id,
    name: Name,
    roles: Type.Array(Id, { maxItems: 50 }),
    kind: Type.Optional(
      Type.Enum(['staff', 'visitor', 'contractor'], {
        description:
          'Default staff. Badges of visitors and contractors end on the day they begin unless validUntil says otherwise',
      }),
    ),
    ...validity,
  },
  strict,
)
export const Badge = Type.Object(
  {
    uid: Type.String({ pattern: '^[0-9A-F]{8,20}$' }),
    person: Id,
    status: Type.Enum(['active', 'suspended', 'lost', 'revoked']),
    ...validity,
  },
  strict,
)

/** The whole file. Lists are complete: what is not in them any more is withdrawn. */
export const Site = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    version: Type.Literal(1),
    site: Type.Object(
      {
        id: Type.Optional(Id),
        name: Name,
        timeZone: Type.String({ description: 'IANA name, such as Europe/Paris' }),
        position: Type.Optional(
          Type.Object(
            {
              latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees, north positive' }),
              longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees, east positive' }),
            },
            { ...strict, description: 'For sunrise and sunset; without it, it is dark from 21:00 to 06:00' },
          ),
        ),
        policy: Type.Optional(Policy),
      },
      strict,
    ),
    revision: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'As `vigie site export` wrote it: applying is refused if somebody else has changed the same items since',
      }),
    ),
    calendars: Type.Optional(Type.Array(Calendar, { maxItems: 100 })),
    interlocks: Type.Optional(Type.Array(Interlock, { maxItems: 500 })),
    lockdownPlans: Type.Optional(Type.Array(LockdownPlan, { maxItems: 100 })),
    evacuationPlans: Type.Optional(Type.Array(EvacuationPlan, { maxItems: 100 })),
    scenarios: Type.Optional(Type.Array(Scenario, { maxItems: 200 })),
    rotas: Type.Optional(Type.Array(Rota, { maxItems: 50 })),
    escalations: Type.Optional(Type.Array(Escalation, { maxItems: 100 })),
    zones: Type.Array(Zone, { maxItems: 2000 }),
    schedules: Type.Array(Schedule, { maxItems: 500 }),
    devices: Type.Array(Device, { maxItems: 5000 }),
    accessPoints: Type.Array(AccessPoint, { maxItems: 5000 }),
    roles: Type.Array(Role, { maxItems: 500 }),
    people: Type.Array(Person, { maxItems: 100_000 }),
    badges: Type.Array(Badge, { maxItems: 200_000 }),
  },
  { $id: 'https://vigie.example/site.schema.json', ...strict },
)
export type Site = Static<typeof Site>
export type Zone = Static<typeof Zone>
export type Schedule = Static<typeof Schedule>
export type AccessPoint = Static<typeof AccessPoint>
export type Role = Static<typeof Role>
export type Person = Static<typeof Person>
export type Badge = Static<typeof Badge>
export type SiteDevice = Static<typeof Device>
export type Right = Role['rights'][number]
