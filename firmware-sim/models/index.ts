import type { Behaviour, Body } from './behaviour.ts'
import { Cabinet } from './cabinet.ts'
import { Door } from './door.ts'
import { Light } from './light.ts'
import { LightSensor, Pir } from './sensors.ts'
import { Siren } from './siren.ts'

const BEHAVIOURS: Readonly<Record<string, (body: Body, points: readonly string[]) => Behaviour>> = {
  'medicine-cabinet': (body, points) => new Cabinet(body, points),
  door: body => new Door(body),
  pir: body => new Pir(body),
  'light-sensor': body => new LightSensor(body),
  light: body => new Light(body),
  siren: body => new Siren(body),
}

/** The firmware of a model. @throws Error if no virtual device of that model exists. */
export function behaviourOf(model: string, body: Body, points: readonly string[]): Behaviour {
  const make = BEHAVIOURS[model]
  if (!make) throw new Error(`no virtual device of model ${model}; known: ${Object.keys(BEHAVIOURS).join(', ')}`)
  return make(body, points)
}
