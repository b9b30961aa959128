/**
 * What any device can say and be told: the shapes of docs/asyncapi.yaml, checked field by field. Which of them a given
 * device may use, on which of its points, is its model's business (registry.ts).
 */
import { type Static, shape, Type } from './schema.ts'

/** Bytes a device message may have. The broker closes a socket that announces more. */
export const MAX_PAYLOAD_BYTES = 4096

/** Device and site ids: what may stand in a topic and a certificate's common name. */
export const ID_PATTERN = '^[a-z0-9][a-z0-9-]{0,62}$'
/** A part of a device, as messages and site files name it. */
export const POINT_PATTERN = '^[a-z0-9][a-z0-9-]{0,31}$'
const POINT = Type.String({ pattern: POINT_PATTERN, description: 'A part of the device: drawer-2, door, lamp' })
const MESSAGE_ID = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$', description: 'Unique per device' })
const UTC = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$',
  description: 'RFC 3339, UTC',
})

const envelope = {
  id: MESSAGE_ID,
  at: UTC,
  seq: Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Rises by one per device, persists over restarts',
  }),
}
const strict = { additionalProperties: false } as const

/** A badge held to a reader, asking for one point. */
export const BadgeMessage = Type.Object(
  {
    ...envelope,
    point: POINT,
    credential: Type.Object(
      {
        kind: Type.Enum(['uid']),
        uid: Type.String({ pattern: '^[0-9A-Fa-f]{8,20}$', description: '4 to 10 bytes, hexadecimal' }),
      },
      strict,
    ),
    pin: Type.Optional(Type.String({ pattern: '^\\d{4,8}$' })),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Why, in the words of the badge holder; never a patient’s name',
      }),
    ),
    reference: Type.Optional(
      Type.Object(
        {
          kind: Type.Enum(['patient', 'prescription']),
          id: Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$', description: 'Opaque to the hub' }),
        },
        { ...strict, description: 'For whom or for what, as an opaque reference' },
      ),
    ),
    breakGlass: Type.Optional(
      Type.Literal(true, { description: 'Emergency button pressed: asks for an emergency opening; needs a reason' }),
    ),
  },
  strict,
)

/** Every state field any trait knows; a model allows those of its own traits only. */
export const STATE_FIELDS = {
  lock: Type.Enum(['locked', 'unlocked']),
  contact: Type.Enum(['open', 'closed']),
  tamper: Type.Boolean(),
  request: Type.Boolean({ description: 'Request-to-exit pressed' }),
  on: Type.Boolean(),
  brightness: Type.Integer({ minimum: 0, maximum: 100, description: 'Percent' }),
  battery: Type.Integer({ minimum: 0, maximum: 100, description: 'Percent' }),
  sounding: Type.Boolean(),
} as const
export type StateField = keyof typeof STATE_FIELDS

/** What a point is like now: at least one field beside the envelope. */
export const StateMessage = Type.Object(
  {
    ...envelope,
    point: POINT,
    lock: Type.Optional(STATE_FIELDS.lock),
    contact: Type.Optional(STATE_FIELDS.contact),
    tamper: Type.Optional(STATE_FIELDS.tamper),
    request: Type.Optional(STATE_FIELDS.request),
    on: Type.Optional(STATE_FIELDS.on),
    brightness: Type.Optional(STATE_FIELDS.brightness),
    battery: Type.Optional(STATE_FIELDS.battery),
    sounding: Type.Optional(STATE_FIELDS.sounding),
  },
  { ...strict, minProperties: 5 },
)

export const ReadingMessage = Type.Object(
  {
    ...envelope,
    readings: Type.Array(
      Type.Object(
        {
          quantity: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
          value: Type.Number({ minimum: -1e9, maximum: 1e9 }),
          unit: Type.String({ minLength: 1, maxLength: 8 }),
        },
        strict,
      ),
      { minItems: 1, maxItems: 32 },
    ),
  },
  strict,
)

/** A device's answer to a command. */
export const AckMessage = Type.Object(
  {
    ...envelope,
    command: MESSAGE_ID,
    outcome: Type.Enum(['done', 'refused', 'failed']),
    detail: Type.Optional(Type.String({ maxLength: 200 })),
  },
  strict,
)

/** Retained on `<device>/status`, and the last will: no envelope, because the broker may send it for a dead device. */
export const StatusMessage = Type.Object(
  { online: Type.Boolean(), at: Type.Optional(UTC), firmware: Type.Optional(Type.String({ maxLength: 64 })) },
  strict,
)

export type Badge = Static<typeof BadgeMessage>
export type State = Static<typeof StateMessage>
export type Reading = Static<typeof ReadingMessage>
export type Ack = Static<typeof AckMessage>
export type Status = Static<typeof StatusMessage>

/** Topic's last part -> shape. The closed list of what comes up. */
export const UP = {
  badge: shape(BadgeMessage),
  state: shape(StateMessage),
  reading: shape(ReadingMessage),
  ack: shape(AckMessage),
} as const
export type UpKind = keyof typeof UP
export const STATUS = shape(StatusMessage)

export type UpMessage =
  | ({ readonly kind: 'badge' } & Badge)
  | ({ readonly kind: 'state' } & State)
  | ({ readonly kind: 'reading' } & Reading)
  | ({ readonly kind: 'ack' } & Ack)

/** Answer to one `up/badge`, for the reader's light and sound. The lock moves on the command that follows, never on this. */
export interface DecisionMessage {
  readonly id: string
  /** The badge message's id. */
  readonly request: string
  readonly granted: boolean
  /** From the closed list of access/reasons.ts; `granted` when granted. */
  readonly reason: string
  /** Milliseconds the lock will stay released; present only when granted. */
  readonly unlockMs?: number
  /** witness-awaited: how long a second person's badge counts. pin-locked: until when no PIN counts. Milliseconds. */
  readonly waitMs?: number
  readonly expiresAt: string
}

export const ACTIONS = ['unlock', 'lock', 'set', 'sound', 'identify'] as const
export type Action = (typeof ACTIONS)[number]

/** An order to one point. Never retained, never queued, executed at most once and only before `expiresAt`. */
export interface CommandMessage {
  readonly id: string
  readonly expiresAt: string
  readonly action: Action
  readonly point: string
  /** unlock: milliseconds until the device locks again by itself. */
  readonly unlockMs?: number
  /** set: a light. */
  readonly on?: boolean
  readonly brightness?: number
  /** sound: milliseconds until the siren is silent by itself; 0: silent now. */
  readonly soundMs?: number
}

/** What a refused message was refused for: counted per device under these names, never with the bytes. */
export const REFUSALS = [
  'topic',
  'retain',
  'qos',
  'size',
  'encoding',
  'json',
  'shape',
  'kind',
  'point',
  'field',
  'quantity',
  'unit',
  'range',
  'duplicate',
  'sequence',
  'rate',
  'subscription',
  'session',
  'identity',
  'certificate',
  'protocol',
] as const
export type Refusal = (typeof REFUSALS)[number]

export interface Topic {
  readonly site: string
  readonly device: string
  readonly channel: 'status' | 'up' | 'down'
  readonly name: string
}

const TOPIC = /^vigie\/v1\/([a-z0-9][a-z0-9-]{0,62})\/([a-z0-9][a-z0-9-]{0,62})\/(?:(status)|(up|down)\/([a-z]{1,16}))$/

/** Undefined for anything but a topic of docs/asyncapi.yaml. */
export function parseTopic(topic: string): Topic | undefined {
  const m = TOPIC.exec(topic)
  if (!m) return undefined
  return { site: m[1]!, device: m[2]!, channel: (m[3] ?? m[4]) as Topic['channel'], name: m[5] ?? 'status' }
}

export const topics = {
  status: (site: string, device: string) => `vigie/v1/${site}/${device}/status`,
  up: (site: string, device: string, kind: UpKind) => `vigie/v1/${site}/${device}/up/${kind}`,
  down: (site: string, device: string, kind: 'decision' | 'command') => `vigie/v1/${site}/${device}/down/${kind}`,
  downAll: (site: string, device: string) => `vigie/v1/${site}/${device}/down/#`,
}
