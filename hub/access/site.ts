/**
 * A site as data: who, where, when, which things. The same shape is the file given to `vigie apply`, what the registry
 * stores, and what the snapshot is compiled from. docs/site.schema.json is generated from here.
 */
import { ID_PATTERN } from '#devices/messages.ts'
import { type Static, Type } from '#devices/schema.ts'

const strict = { additionalProperties: false } as const
const Id = Type.String({ pattern: ID_PATTERN })
const Name = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const Instant = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?(Z|[+-]\\d\\d:\\d\\d)$',
  description: 'RFC 3339 with a zone; from is inclusive, until exclusive',
})
const Clock = Type.String({
  pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  description: 'HH:MM on the wall clock of the site',
})
const Metres = Type.Number({ minimum: 0, maximum: 10_000 })
const validity = { validFrom: Type.Optional(Instant), validUntil: Type.Optional(Instant) }

/**
 * Failure modes. `secure`: without a durable journal row it stays shut. `open-with-alarm`: it opens all the same, spools
 * what happened and raises an alarm. Egress never depends on either.
 */
export const FailureMode = Type.Enum(['secure', 'open-with-alarm'])
export type FailureMode = Static<typeof FailureMode>

/** What may be behind a point, and how that kind of thing fails unless the point says otherwise. */
export const CLASSES = {
  'controlled-drugs': { failureMode: 'secure', fixed: true, fr: 'Stupéfiants', en: 'Controlled drugs' },
  medicines: { failureMode: 'secure', fixed: false, fr: 'Médicaments', en: 'Medicines' },
  'it-equipment': { failureMode: 'secure', fixed: false, fr: 'Matériel informatique', en: 'IT equipment' },
  records: { failureMode: 'secure', fixed: false, fr: 'Dossiers', en: 'Records' },
  door: { failureMode: 'open-with-alarm', fixed: false, fr: 'Porte', en: 'Door' },
  'escape-door': { failureMode: 'open-with-alarm', fixed: true, fr: 'Issue de secours', en: 'Escape door' },
  'crash-cart': { failureMode: 'open-with-alarm', fixed: true, fr: 'Chariot d’urgence', en: 'Crash cart' },
} as const satisfies Record<string, { failureMode: FailureMode; fixed: boolean; fr: string; en: string }>
export type PointClass = keyof typeof CLASSES
export const PointClassSchema = Type.Enum(Object.keys(CLASSES) as PointClass[])

export const Zone = Type.Object(
  {
    id: Id,
    name: Name,
    parent: Type.Optional(Id),
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
  },
  strict,
)
export const Device = Type.Object(
  { id: Id, model: Id, name: Name, zone: Id, plan: Type.Optional(Type.Object({ x: Metres, y: Metres }, strict)) },
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
  },
  strict,
)
export const Role = Type.Object(
  {
    id: Id,
    name: Name,
    rights: Type.Array(
      Type.Object(
        {
          zone: Type.Optional(Id),
          accessPoint: Type.Optional(Id),
          classes: Type.Optional(Type.Array(PointClassSchema, { minItems: 1 })),
          schedule: Id,
        },
        strict,
      ),
      {
        maxItems: 500,
        description:
          'Each opens either one accessPoint, or all points of a zone and of the zones below it; classes narrows it to points of these classes.',
      },
    ),
  },
  strict,
)
export const Person = Type.Object({ id: Id, name: Name, roles: Type.Array(Id, { maxItems: 50 }), ...validity }, strict)
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
      { id: Type.Optional(Id), name: Name, timeZone: Type.String({ description: 'IANA name, such as Europe/Paris' }) },
      strict,
    ),
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
