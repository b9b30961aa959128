/**
 * The vocabulary models are written in. A trait says what a point reports, what it measures in which unit and range,
 * and what it can be told, side by side, so that they can't disagree.
 */
import type { Action, StateField, UpKind } from './messages.ts'

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

export interface Model {
  readonly id: string
  readonly vendor: string
  readonly label: Label
  readonly points: readonly PointFamily[]
}

/** Declares a trait; what is left out is empty. */
export function trait(name: string, parts: Partial<Omit<Trait, 'name'>>): Trait {
  return { name, says: [], states: [], quantities: [], actions: [], ...parts }
}

export const one = (name: string, ...traits: Trait[]): PointFamily => ({ name, count: 1, traits })
export const several = (name: string, count: number, ...traits: Trait[]): PointFamily => ({ name, count, traits })

/** Checks a model when the program loads: contradictory traits fail at start, not at the first badge. */
export function defineModel(model: Model): Model {
  const families = model.points.map(p => p.name)
  if (new Set(families).size !== families.length) throw new Error(`model ${model.id}: a point is declared twice`)
  for (const point of model.points) {
    const fields = point.traits.flatMap(t => t.states)
    if (new Set(fields).size !== fields.length) throw new Error(`model ${model.id}: two traits of ${point.name} report the same field`)
  }
  const quantities = model.points.flatMap(p => p.traits.flatMap(t => t.quantities.map(q => q.name)))
  if (new Set(quantities).size !== quantities.length) throw new Error(`model ${model.id}: a quantity is measured twice`)
  return model
}
