/** What a device accepts from above. Fields it doesn't know are left alone, so that a newer hub can still talk to it. */
import { ACTIONS, type CommandMessage, type DecisionMessage } from '#devices/messages.ts'
import { shape, Type } from '#devices/schema.ts'

const Text = Type.String({ minLength: 1, maxLength: 64 })
const Expiry = Type.String({ maxLength: 40 })
const UnlockMs = Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 }))

const COMMAND = shape(
  Type.Object({
    id: Text,
    expiresAt: Expiry,
    action: Type.Enum([...ACTIONS]),
    point: Text,
    unlockMs: UnlockMs,
    on: Type.Optional(Type.Boolean()),
    brightness: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    soundMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 180_000 })),
  }),
)
const DECISION = shape(
  Type.Object({
    id: Text,
    request: Text,
    granted: Type.Boolean(),
    reason: Type.String({ maxLength: 64 }),
    unlockMs: UnlockMs,
    waitMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
    expiresAt: Expiry,
  }),
)

/** Undefined for anything that is not a command with a real expiry: then nothing moves. */
export function parseCommand(payload: Buffer): CommandMessage | undefined {
  const value = json(payload)
  return COMMAND.is(value) && !Number.isNaN(Date.parse(value.expiresAt)) ? (value as CommandMessage) : undefined
}

export function parseDecision(payload: Buffer): DecisionMessage | undefined {
  const value = json(payload)
  return DECISION.is(value) ? (value as DecisionMessage) : undefined
}

function json(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch {
    return undefined // fits no shape, so it is refused like any other stray bytes
  }
}
