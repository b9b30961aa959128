/**
 * The vocabulary models are written in. A trait says what a point reports, what it measures in which unit and range,
 * and what it can be told, side by side, so that they can't disagree.
 */
import { type Action, POINT_PATTERN, type StateField, type UpKind } from './messages.ts'

const POINT_NAME = new RegExp(POINT_PATTERN)

export interface Quantity {
  readonly name: string
  readonly unit: string
  readonly min: number
  readonly max: number
}

export interface Trait {
  readonly name: string
  /** Up messages this trait may send; `ack` comes with any action. */
  readonly says: readonly UpKind[]
  readonly states: readonly StateField[]
  readonly quantities: readonly Quantity[]
  readonly actions: readonly Action[]
}

/** A part of a device: `door`, or a numbered family such as drawer-1 .. drawer-8. */
export interface PointFamily {
  readonly name: string
  /** 1 means a single point named exactly `name`; more means `name-1` to `name-<count>`. */
  readonly count: number
  readonly traits: readonly Trait[]
}

export interface Label {
  readonly fr: string
  readonly en: string
}

/** The languages of bought devices that Vigie understands: hub/transport/dialects/. */
export const DIALECTS = ['zigbee2mqtt', 'shelly', 'tasmota', 'esphome'] as const
export type DialectName = (typeof DIALECTS)[number]

export interface Model {
  readonly id: string
  readonly vendor: string
  readonly label: Label
  readonly points: readonly PointFamily[]
  /** A gateway: it signs in with a password at the listener for bought devices, and speaks for those behind it. */
  readonly gateway?: DialectName
  /** Bought, and heard through a gateway. Who says it is only as sure as the gateway's password. */
  readonly bought?: true
}

/** Declares a trait; what is left out is empty. */
export function trait(name: string, parts: Partial<Omit<Trait, 'name'>>): Trait {
  return { name, says: [], states: [], quantities: [], actions: [], ...parts }
}

export const one = (name: string, ...traits: Trait[]): PointFamily => ({ name, count: 1, traits })
export const several = (name: string, count: number, ...traits: Trait[]): PointFamily => ({ name, count, traits })

/** The names of a family's points, as messages carry them. */
export function pointNames(family: PointFamily): string[] {
  return family.count === 1 ? [family.name] : Array.from({ length: family.count }, (_, i) => `${family.name}-${i + 1}`)
}

/**
 * Checks a model when the program loads: contradictory traits fail at start, not at the first badge.
 * @throws Error that names the model, the point and the contradiction
 */
export function defineModel(model: Model): Model {
  for (const point of model.points) checkPoint(model, point)
  const names = model.points.flatMap(pointNames)
  const decides = model.points.some(p => p.traits.some(t => t.says.includes('badge') || t.actions.includes('unlock')))
  refuse(model, model.bought === true && decides, 'a bought device takes no part in who may open what')
  refuse(model, model.bought === true && names.length !== 1, 'a bought device has one point')
  refuse(model, model.gateway !== undefined && names.length > 0, 'a gateway speaks for others, and has no point')
  refuse(model, repeated(names), 'a point is declared twice')
  const quantities = model.points.flatMap(p => p.traits.flatMap(t => t.quantities))
  refuse(model, repeated(quantities.map(q => q.name)), 'a quantity is measured twice')
  refuse(
    model,
    quantities.some(q => !(q.min <= q.max)),
    'a quantity has no value between its limits',
  )
  return model
}

function checkPoint(model: Model, point: PointFamily): void {
  const traits = point.traits
  refuse(model, !(Number.isInteger(point.count) && point.count >= 1), `${point.name} has no point`)
  refuse(model, !pointNames(point).every(isPointName), `${point.name} can't stand in a message`)
  refuse(model, repeated(traits.flatMap(t => t.states)), `two traits of ${point.name} report the same field`)
  refuse(model, repeated(traits.flatMap(t => t.actions)), `two traits of ${point.name} take the same action`)
  const measures = traits.some(t => t.quantities.length > 0)
  refuse(model, point.count > 1 && measures, `${point.name} is several, and a reading names no point`)
}

/** Models by the one id each: the second of two would silently take the first one's place. @throws Error */
export function distinct(models: readonly Model[]): readonly Model[] {
  for (const model of models)
    refuse(
      model,
      models.some(m => m !== model && m.id === model.id),
      'its id is taken',
    )
  return models
}

function refuse(model: Model, contradiction: boolean, words: string): void {
  if (contradiction) throw new Error(`model ${model.id}: ${words}`)
}

const repeated = (names: readonly string[]): boolean => new Set(names).size !== names.length
const isPointName = (name: string): boolean => POINT_NAME.test(name)
