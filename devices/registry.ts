/**
 * Raw bytes become a typed message, or a refusal with a name from the closed list. Nothing else in the hub parses what a
 * device sent.
 */
import { isUtf8 } from 'node:buffer'
import { distinct, type Model, type PointFamily, pointNames, type Quantity } from './define.ts'
import {
  type Action,
  MAX_PAYLOAD_BYTES,
  type Refusal,
  STATUS,
  type StateField,
  type Status,
  UP,
  type UpKind,
  type UpMessage,
} from './messages.ts'
import * as bought from './models/bought.ts'
import * as vigie from './models/vigie.ts'
import type { Shape, ShapeError } from './schema.ts'

/** What one point of a model may say and be told, worked out once. */
interface PointRules {
  readonly says: ReadonlySet<UpKind>
  readonly states: ReadonlySet<string>
  readonly actions: ReadonlySet<Action>
}

export interface ModelRules {
  readonly model: Model
  readonly points: ReadonlyMap<string, PointRules>
  readonly quantities: ReadonlyMap<string, Quantity>
  readonly says: ReadonlySet<UpKind>
}

/** `field` is a JSON pointer into the message where there is one; it never holds a value the device sent. */
export type Decoded<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly refusal: Refusal; readonly field: string }

const ALL = [...Object.values(vigie), ...Object.values(bought)]
const MODELS: ReadonlyMap<string, ModelRules> = new Map(distinct(ALL).map(m => [m.id, rulesOf(m)]))

export { pointNames }
export const models = (): readonly Model[] => [...MODELS.values()].map(r => r.model)
export const modelRules = (id: string): ModelRules | undefined => MODELS.get(id)

/** True if commands of this kind mean something at that point of that model. */
export const canDo = (modelId: string, point: string, action: Action): boolean =>
  MODELS.get(modelId)?.points.get(point)?.actions.has(action) ?? false

function rulesOf(model: Model): ModelRules {
  const points = new Map(
    model.points.flatMap(family => pointNames(family).map(name => [name, pointRules(family)] as const)),
  )
  const quantities = new Map(
    model.points.flatMap(p => p.traits.flatMap(t => t.quantities.map(q => [q.name, q] as const))),
  )
  const says = new Set(model.points.flatMap(p => [...pointRules(p).says]))
  return { model, points, quantities, says }
}

function pointRules(family: PointFamily): PointRules {
  const actions = new Set(family.traits.flatMap(t => t.actions))
  const says = new Set<UpKind>([...family.traits.flatMap(t => t.says), ...(actions.size > 0 ? (['ack'] as const) : [])])
  return { says, actions, states: new Set(family.traits.flatMap(t => t.states)) }
}

type Refused = Decoded<never> & { readonly ok: false }
const refused = (refusal: Refusal, field = ''): Refused => ({ ok: false, refusal, field })

/** Decodes the payload of `up/<kind>` from a device of this model. Pure; costs a few microseconds. */
export function decodeUp(rules: ModelRules, kind: string, payload: Buffer): Decoded<UpMessage> {
  if (!Object.hasOwn(UP, kind)) return refused('kind')
  const upKind = kind as UpKind
  if (!rules.says.has(upKind)) return refused('kind')
  const shaped = decodeShape<object>(UP[upKind], payload)
  if (!shaped.ok) return shaped
  const message = { kind: upKind, ...shaped.message } as UpMessage
  return fitsModel(rules, message) ?? { ok: true, message }
}

/** Decodes the payload of `status`, the same for every model. Pure. */
export const decodeStatus = (payload: Buffer): Decoded<Status> => decodeShape<Status>(STATUS, payload)

function decodeShape<T extends object>(shape: Shape<unknown>, payload: Buffer): Decoded<T> {
  if (payload.length > MAX_PAYLOAD_BYTES) return refused('size')
  if (!isUtf8(payload)) return refused('encoding')
  const text = payload.toString('utf8')
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return refused('json') // the parser's own words quote the payload, so they are not kept
  }
  const error = shape.error(message)
  if (error) return misshapen(error)
  if (memberCount(message) !== colonCount(text)) return refused('json')
  return faultOfDate(message as { at?: string }) ?? { ok: true, message: message as T }
}

/** What a device calls a field that doesn't exist is its own bytes: only the object it stands in is named. */
function misshapen({ path, expected }: ShapeError): Refused {
  const field = expected === 'no such field' ? path.slice(0, path.lastIndexOf('/')) : path
  return refused(/^must be [<>]=/.test(expected) ? 'range' : 'shape', field)
}

/** 30 February has the right shape, and Date.parse makes 2 March of it. */
function faultOfDate({ at }: { readonly at?: string }): Refused | undefined {
  const day = Number(at?.slice(8, 10))
  return at === undefined || new Date(at).getUTCDate() === day ? undefined : refused('shape', '/at')
}

/** Fewer members than colons: a name stood there twice, and which of the two was meant nobody knows (RFC 8259, 4). */
function memberCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce<number>((sum, v) => sum + memberCount(v), 0)
  return Array.isArray(value) ? inner : inner + Object.keys(value).length
}

/** Colons outside strings, in a text that is JSON: one for each member. */
function colonCount(text: string): number {
  let count = 0
  let inside = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inside && code === BACKSLASH) i++
    else if (code === QUOTE) inside = !inside
    else if (code === COLON && !inside) count++
  }
  return count
}
const BACKSLASH = 0x5c
const QUOTE = 0x22
const COLON = 0x3a

const ENVELOPE = new Set(['kind', 'id', 'at', 'seq', 'point'])

function fitsModel(rules: ModelRules, message: UpMessage): Refused | undefined {
  if (message.kind === 'ack') return undefined
  if (message.kind === 'reading') return readingFits(rules, message.readings)
  const point = rules.points.get(message.point)
  if (!point) return refused('point', '/point')
  if (!point.says.has(message.kind)) return refused('kind', '/point')
  if (message.kind === 'badge') return undefined
  const stray = Object.keys(message).find(k => !ENVELOPE.has(k) && !point.states.has(k as StateField))
  return stray === undefined ? undefined : refused('field', `/${stray}`)
}

function readingFits(
  rules: ModelRules,
  readings: readonly { quantity: string; value: number; unit: string }[],
): Refused | undefined {
  for (const [i, r] of readings.entries()) {
    const q = rules.quantities.get(r.quantity)
    if (!q) return refused('quantity', `/readings/${i}/quantity`)
    if (q.unit !== r.unit) return refused('unit', `/readings/${i}/unit`)
    if (r.value < q.min || r.value > q.max) return refused('range', `/readings/${i}/value`)
  }
  return undefined
}
