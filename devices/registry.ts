/**
 * Raw bytes become a typed message, or a refusal with a name from the closed list. Nothing else in the hub parses what a
 * device sent.
 */
import { isUtf8 } from 'node:buffer'
import type { Model, PointFamily, Quantity } from './define.ts'
import { type Action, MAX_PAYLOAD_BYTES, type Refusal, type StateField, STATUS, type Status, UP, type UpKind, type UpMessage } from './messages.ts'
import * as vigie from './models/vigie.ts'

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
export type Decoded<T> = { readonly ok: true; readonly message: T } | { readonly ok: false; readonly refusal: Refusal; readonly field: string }

const MODELS: ReadonlyMap<string, ModelRules> = new Map(Object.values(vigie).map(m => [m.id, rulesOf(m)]))

export const models = (): readonly Model[] => [...MODELS.values()].map(r => r.model)
export const modelRules = (id: string): ModelRules | undefined => MODELS.get(id)

/** True if commands of this kind mean something at that point of that model. */
export const canDo = (modelId: string, point: string, action: Action): boolean => MODELS.get(modelId)?.points.get(point)?.actions.has(action) ?? false

function rulesOf(model: Model): ModelRules {
  const points = new Map(model.points.flatMap(family => pointNames(family).map(name => [name, pointRules(family)] as const)))
  const quantities = new Map(model.points.flatMap(p => p.traits.flatMap(t => t.quantities.map(q => [q.name, q] as const))))
  const says = new Set(model.points.flatMap(p => [...pointRules(p).says]))
  return { model, points, quantities, says }
}

export function pointNames(family: PointFamily): string[] {
  return family.count === 1 ? [family.name] : Array.from({ length: family.count }, (_, i) => `${family.name}-${i + 1}`)
}

function pointRules(family: PointFamily): PointRules {
  const actions = new Set(family.traits.flatMap(t => t.actions))
  const says = new Set<UpKind>([...family.traits.flatMap(t => t.says), ...(actions.size > 0 ? (['ack'] as const) : [])])
  return { says, actions, states: new Set(family.traits.flatMap(t => t.states)) }
}

const refused = (refusal: Refusal, field = ''): { ok: false; refusal: Refusal; field: string } => ({ ok: false, refusal, field })

/** Decodes the payload of `up/<kind>` from a device of this model. Pure; costs a few microseconds. */
export function decodeUp(rules: ModelRules, kind: string, payload: Buffer): Decoded<UpMessage> {
  if (!Object.hasOwn(UP, kind)) return refused('kind')
  const upKind = kind as UpKind
  if (!rules.says.has(upKind)) return refused('kind')
  const parsed = parse(payload)
  if (!parsed.ok) return parsed
  const error = UP[upKind].error(parsed.message)
  if (error) return refused(error.expected.startsWith('must be <=') || error.expected.startsWith('must be >=') ? 'range' : 'shape', error.path)
  const message = { kind: upKind, ...(parsed.message as object) } as UpMessage
  return fitsModel(rules, message) ?? { ok: true, message }
}

export function decodeStatus(payload: Buffer): Decoded<Status> {
  const parsed = parse(payload)
  if (!parsed.ok) return parsed
  const error = STATUS.error(parsed.message)
  return error ? refused('shape', error.path) : { ok: true, message: parsed.message as Status }
}

function parse(payload: Buffer): Decoded<unknown> {
  if (payload.length > MAX_PAYLOAD_BYTES) return refused('size')
  if (!isUtf8(payload)) return refused('encoding')
  try {
    return { ok: true, message: JSON.parse(payload.toString('utf8')) }
  } catch {
    return refused('json') // the parser's own words quote the payload, so they are not kept
  }
}

const ENVELOPE = new Set(['kind', 'id', 'at', 'seq', 'point'])

function fitsModel(rules: ModelRules, message: UpMessage): ReturnType<typeof refused> | undefined {
  if (Number.isNaN(Date.parse(message.at))) return refused('shape', '/at') // 30 February has the right shape
  if (message.kind === 'ack') return undefined
  if (message.kind === 'reading') return readingFits(rules, message.readings)
  const point = rules.points.get(message.point)
  if (!point) return refused('point', '/point')
  if (!point.says.has(message.kind)) return refused('kind', '/point')
  if (message.kind === 'badge') return undefined
  const stray = Object.keys(message).find(k => !ENVELOPE.has(k) && !point.states.has(k as StateField))
  return stray === undefined ? undefined : refused('field', `/${stray}`)
}

function readingFits(rules: ModelRules, readings: readonly { quantity: string; value: number; unit: string }[]): ReturnType<typeof refused> | undefined {
  for (const [i, r] of readings.entries()) {
    const q = rules.quantities.get(r.quantity)
    if (!q) return refused('quantity', `/readings/${i}/quantity`)
    if (q.unit !== r.unit) return refused('unit', `/readings/${i}/unit`)
    if (r.value < q.min || r.value > q.max) return refused('range', `/readings/${i}/value`)
  }
  return undefined
}
