/**
 * docs/asyncapi.yaml as data: shapes, lists and limits are taken from the code, words stand here. Regenerate it, and the
 * tables of the device pages, after a change:
 *
 *   node hub/test/asyncapi/print.ts
 */

import { pointNames } from '#devices/define.ts'
import {
  ACTIONS,
  AckMessage,
  BadgeMessage,
  type CommandMessage,
  type DecisionMessage,
  ID_PATTERN,
  MAX_PAYLOAD_BYTES,
  REFUSALS,
  ReadingMessage,
  StateMessage,
  StatusMessage,
  topics,
} from '#devices/messages.ts'
import { models } from '#devices/registry.ts'
import type { TSchema } from '#devices/schema.ts'
import { type Static, Type } from '#devices/schema.ts'
import { REASONS, type Reason } from '../../access/reasons.ts'
import { SETTINGS } from '../../config.ts'
import { LONGEST_SIREN_S } from '../../rules/scenarios.ts'
import { LIMITS } from '../../transport/limits.ts'
import { EXAMPLES, type Example } from './examples.ts'
import { ACTION_WORDS, EFFECTS, REASON_WORDS, REFUSAL_WORDS } from './tables.ts'
import { INTRODUCTION } from './words.ts'
import type { Data } from './yaml.ts'

/** Down messages stay open to fields of a newer hub; a device leaves alone what it does not know. */
const Id = Type.String({ minLength: 1, maxLength: 64 })
const Expiry = Type.String({ format: 'date-time', description: 'Hub time, UTC. After it the message means nothing.' })
const UnlockMs = Type.Integer({ minimum: 500, maximum: 60_000, description: 'How long the lock is released, ms' })

export const DecisionSchema = Type.Object({
  id: Id,
  request: Type.String({ minLength: 1, maxLength: 64, description: 'The id of the badge message' }),
  granted: Type.Boolean(),
  reason: Type.Enum(Object.keys(REASONS) as Reason[]),
  unlockMs: Type.Optional(UnlockMs),
  waitMs: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'witness-awaited: how long a second badge counts. pin-locked: how long no PIN counts. Milliseconds',
    }),
  ),
  expiresAt: Expiry,
})
export const CommandSchema = Type.Object({
  id: Id,
  expiresAt: Expiry,
  action: Type.Enum([...ACTIONS]),
  point: Type.String({ description: 'A point of the device' }),
  unlockMs: Type.Optional(UnlockMs),
  on: Type.Optional(Type.Boolean({ description: 'set' })),
  brightness: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, description: 'set: percent' })),
  soundMs: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: LONGEST_SIREN_S * 1_000,
      description: 'sound: until the siren is silent by itself, ms; 0: silent now',
    }),
  ),
})
/** Fails to compile when the interfaces of devices/messages.ts and the schemas here part ways. */
type Fits<A extends B, B> = A
export type Checked = [
  Fits<Static<typeof CommandSchema>, CommandMessage>,
  Fits<Static<typeof DecisionSchema>, DecisionMessage>,
]

/** Without the library's own marks, which are symbols and functions. */
const plain = (value: unknown): Data => JSON.parse(JSON.stringify(value)) as Data

const ref = (path: string): Data => ({ $ref: `#/${path}` })

interface MessageParts {
  readonly title: string
  readonly summary: string
  readonly schema: TSchema
  readonly examples: readonly Example<object>[]
  readonly correlation?: string
}

const MESSAGES = {
  badge: {
    title: 'A badge is held to a reader',
    summary: 'A question about one point. It is answered by one decision; if granted, one command follows.',
    schema: BadgeMessage,
    examples: EXAMPLES.badge,
    correlation: '$message.payload#/id',
  },
  state: {
    title: 'How a point is now',
    summary: 'What has changed, or after a connect everything that is known: at least one state beside the point.',
    schema: StateMessage,
    examples: EXAMPLES.state,
  },
  reading: {
    title: 'What a sensor measures',
    summary: 'One or more values, in the unit and range of the model.',
    schema: ReadingMessage,
    examples: EXAMPLES.reading,
  },
  ack: {
    title: 'What became of a command',
    summary: 'Exactly one for each command: done, refused (it must not, or came too late) or failed (it could not).',
    schema: AckMessage,
    examples: EXAMPLES.ack,
    correlation: '$message.payload#/command',
  },
  status: {
    title: 'Here, or gone',
    summary: 'First message on each connection, with `at`; also the last will, without.',
    schema: StatusMessage,
    examples: EXAMPLES.status,
  },
  decision: {
    title: 'The answer to a badge',
    summary: 'For the reader’s light and sound only. The lock never moves on this.',
    schema: DecisionSchema,
    examples: EXAMPLES.decision,
    correlation: '$message.payload#/request',
  },
  command: {
    title: 'An order to one point',
    summary: 'The only thing a lock moves on: at most once, and only before `expiresAt`.',
    schema: CommandSchema,
    examples: EXAMPLES.command,
    correlation: '$message.payload#/id',
  },
} as const satisfies Record<string, MessageParts>
export type MessageName = keyof typeof MESSAGES

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1)

function message(name: MessageName): Data {
  const { title, summary, examples, ...more }: MessageParts = MESSAGES[name]
  return {
    name,
    title,
    summary,
    contentType: 'application/json',
    payload: ref(`components/schemas/${capital(name)}`),
    ...(more.correlation ? { correlationId: { location: more.correlation } } : {}),
    examples: examples.map(e => ({ name: e.name, summary: e.summary, payload: plain(e.payload) })),
  }
}

const UP = ['badge', 'state', 'reading', 'ack'] as const
const DOWN = ['decision', 'command'] as const

/** Channel name -> topic and its one message. */
export const CHANNELS: Readonly<
  Record<string, { readonly address: string; readonly message: MessageName; readonly by: 'device' | 'hub' }>
> = {
  status: { address: topics.status('{site}', '{device}'), message: 'status', by: 'device' },
  ...Object.fromEntries(
    UP.map(kind => [
      `up${capital(kind)}`,
      { address: topics.up('{site}', '{device}', kind), message: kind, by: 'device' },
    ]),
  ),
  ...Object.fromEntries(
    DOWN.map(kind => [
      `down${capital(kind)}`,
      { address: topics.down('{site}', '{device}', kind), message: kind, by: 'hub' },
    ]),
  ),
}

const WHO = {
  device: { publish: 'the device itself', subscribe: 'nobody: the hub takes it at the door' },
  hub: { publish: 'the hub, to the one connection of that device', subscribe: 'the device itself' },
} as const

const channels = (): Data =>
  Object.fromEntries(
    Object.entries(CHANNELS).map(([name, channel]) => [
      name,
      {
        address: channel.address,
        title: MESSAGES[channel.message].title,
        messages: { [channel.message]: ref(`components/messages/${channel.message}`) },
        parameters: { site: ref('components/parameters/site'), device: ref('components/parameters/device') },
        'x-who': WHO[channel.by],
      },
    ]),
  )

function operations(): Data {
  const all = Object.entries(CHANNELS).map(([name, channel]) => {
    const sends = channel.by === 'hub'
    const messages = [ref(`channels/${name}/messages/${channel.message}`)]
    const operation = {
      action: sends ? 'send' : 'receive',
      channel: ref(`channels/${name}`),
      title: MESSAGES[channel.message].title,
      messages,
      bindings: { mqtt: { qos: sends ? 0 : 1, retain: name === 'status', bindingVersion: '0.2.0' } },
      ...(name === 'upBadge' ? { reply: reply('downDecision', 'decision') } : {}),
      ...(name === 'downCommand' ? { reply: reply('upAck', 'ack') } : {}),
    }
    return [`${sends ? 'send' : 'receive'}${capital(channel.message)}`, operation]
  })
  return Object.fromEntries(all) as Data
}

const reply = (channel: string, name: MessageName): Data => ({
  channel: ref(`channels/${channel}`),
  messages: [ref(`channels/${channel}/messages/${name}`)],
})

const server = (): Data => ({
  host: '{host}:{port}',
  protocol: 'mqtts',
  protocolVersion: '3.1.1',
  title: 'The hub',
  description: 'MQTT 3.1.1 over TLS 1.3. There is no port without TLS and no way in without a client certificate.',
  variables: {
    host: { default: 'localhost', description: 'A name or address in the hub’s certificate (VIGIE_HOSTS adds some)' },
    port: { default: String(SETTINGS.mqttPort.fallback), description: SETTINGS.mqttPort.env },
  },
  security: [ref('components/securitySchemes/deviceCertificate')],
  bindings: {
    mqtt: {
      clientId: '{device}',
      cleanSession: true,
      keepAlive: 30,
      lastWill: { topic: topics.status('{site}', '{device}'), qos: 1, message: '{"online":false}', retain: true },
      bindingVersion: '0.2.0',
    },
  },
})

const parameters = (): Data => ({
  site: {
    description: `Site id (\`site\` of \`vigie device show --json\`): ${ID_PATTERN}`,
    examples: ['main', 'st-roch'],
  },
  device: { description: `Device id, the common name of its certificate: ${ID_PATTERN}`, examples: ['cabinet-7'] },
})

const limit = (name: string, value: number, unit: string, setting?: { readonly env: string }): Data => ({
  name,
  value,
  unit,
  ...(setting ? { setting: setting.env } : {}),
})

const limits = (): Data => [
  limit('payload', MAX_PAYLOAD_BYTES, 'bytes'),
  limit('packet PUBLISH', LIMITS.maxPublishBytes, 'bytes'),
  limit('packet CONNECT and any other', LIMITS.maxControlBytes, 'bytes'),
  limit('rate, sustained', SETTINGS.deviceRate.fallback, 'packets/s', SETTINGS.deviceRate),
  limit('rate, at once', SETTINGS.deviceBurst.fallback, 'packets', SETTINGS.deviceBurst),
  limit('held back with too much waiting before the connection is cut', LIMITS.floodMs, 'ms'),
  limit('too much waiting', LIMITS.floodBytes, 'bytes'),
  limit('messages not stored yet, then reading pauses', LIMITS.maxPending, 'messages'),
  limit('TLS handshake', LIMITS.handshakeTimeoutMs, 'ms'),
  limit('from handshake to CONNECT', LIMITS.connectTimeoutMs, 'ms'),
  limit('keep-alive, at most', LIMITS.maxKeepaliveSeconds, 's'),
  limit('sockets of one device on their way in or out', LIMITS.maxConnectionsPerDevice, 'sockets'),
  limit(
    'sockets from one address',
    SETTINGS.maxConnectionsPerAddress.fallback,
    'sockets',
    SETTINGS.maxConnectionsPerAddress,
  ),
  limit('sockets', SETTINGS.maxConnections.fallback, 'sockets', SETTINGS.maxConnections),
  limit('bytes waiting for a device that does not read', LIMITS.maxOutgoingBytes, 'bytes'),
  limit('a device that reads nothing is cut after', LIMITS.drainTimeoutMs, 'ms'),
  limit('a command expires after', SETTINGS.unlockExpiryMs.fallback, 'ms', SETTINGS.unlockExpiryMs),
  limit('clock difference that is flagged', SETTINGS.skewLimitMs.fallback, 'ms', SETTINGS.skewLimitMs),
]

/** By id: what a module exports has no order to rely on. */
/** Those that speak this protocol themselves: what is bought speaks its maker's. */
export const sortedModels = () =>
  models()
    .filter(m => !m.bought && !m.gateway)
    .sort((a, b) => (a.id < b.id ? -1 : 1))

const modelList = (): Data =>
  sortedModels().map(m => ({
    id: m.id,
    title: m.label.en,
    titleFr: m.label.fr,
    points: m.points.map(p => ({
      names: pointNames(p),
      traits: p.traits.map(t => t.name),
      states: p.traits.flatMap(t => t.states),
      quantities: p.traits.flatMap(t => t.quantities.map(q => ({ ...q }))),
      actions: [...new Set(p.traits.flatMap(t => t.actions))],
    })),
  }))

export const document = (): { readonly [key: string]: Data } => ({
  asyncapi: '3.0.0',
  id: 'urn:vigie:devices:v1',
  info: {
    title: 'Vigie device protocol',
    version: '1.0.0',
    description: INTRODUCTION,
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  defaultContentType: 'application/json',
  servers: { hub: server() },
  channels: channels(),
  operations: operations(),
  components: {
    securitySchemes: {
      deviceCertificate: {
        type: 'X509',
        description:
          'The device’s own certificate, issued by the hub (`vigie device add`, or EST enrolment). Its common name is the device id, which is also the client id; user name and password are ignored.',
      },
    },
    parameters: parameters(),
    messages: Object.fromEntries((Object.keys(MESSAGES) as MessageName[]).map(name => [name, message(name)])),
    schemas: Object.fromEntries(Object.entries(MESSAGES).map(([name, m]) => [capital(name), plain(m.schema)])),
  },
  'x-limits': limits(),
  'x-effects': Object.fromEntries(Object.entries(EFFECTS).map(([name, words]) => [name, words.en])),
  'x-refusals': REFUSALS.map(name => ({ name, effects: REFUSAL_WORDS[name].effects, meaning: REFUSAL_WORDS[name].en })),
  'x-reasons': Object.entries(REASONS).map(([name, { en, fr }]) => ({
    name,
    en,
    fr,
    meaning: REASON_WORDS[name as Reason].en,
  })),
  'x-actions': ACTIONS.map(name => ({ name, meaning: ACTION_WORDS[name] })),
  'x-models': modelList(),
})
