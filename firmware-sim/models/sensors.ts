import { type Act, type Answer, type Behaviour, type Body, refused, type Saying } from './behaviour.ts'

const reading = (quantity: string, value: number, unit: string): Saying => ({
  kind: 'reading',
  fields: { readings: [{ quantity, value, unit }] },
})

/** A motion sensor: occupied at the first movement, free again when none came for its hold time. */
export class Pir implements Behaviour {
  readonly #body: Body
  #occupied = false
  #cancelFree: (() => void) | undefined

  constructor(body: Body) {
    this.#body = body
  }

  report(): void {
    this.#body.say(reading('occupancy', this.#occupied ? 1 : 0, '1'))
  }

  execute(): Answer {
    return refused('takes no commands')
  }

  perform(act: Act): void {
    if (act.kind !== 'motion') return
    this.#cancelFree?.()
    this.#cancelFree = this.#body.after(act.holdMs, () => this.#set(false))
    if (!this.#occupied) this.#set(true)
  }

  powerLost(): void {
    this.#occupied = false
  }

  #set(occupied: boolean): void {
    this.#occupied = occupied
    this.report()
    this.#body.happened(occupied ? 'motion' : 'still', 'pir')
  }
}

/** A light sensor on a battery: a value in lux whenever it wakes. */
export class LightSensor implements Behaviour {
  readonly #body: Body
  #lux: number | undefined
  #wakes = 0

  constructor(body: Body) {
    this.#body = body
  }

  /** A full battery loses a percent in about two hundred wake-ups; at 10 % somebody changes it. */
  #battery = (): number => 100 - (Math.floor(this.#wakes / 200) % 90)

  report(): void {
    this.#body.say({ kind: 'state', fields: { point: 'lux', battery: this.#battery() } })
    if (this.#lux !== undefined) this.#body.say(reading('illuminance', this.#lux, 'lx'))
  }

  execute(): Answer {
    return refused('takes no commands')
  }

  perform(act: Act): void {
    if (act.kind !== 'daylight') return
    this.#lux = act.lux
    this.#wakes += 1
    this.#body.say(reading('illuminance', act.lux, 'lx'))
  }

  powerLost(): void {
    this.#lux = undefined
  }
}
