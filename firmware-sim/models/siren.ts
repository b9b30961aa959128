import type { CommandMessage } from '#devices/messages.ts'
import { type Act, type Answer, type Behaviour, type Body, refused } from './behaviour.ts'

/** A siren: sounds for as long as it was told, and is silent by itself after that. */
export class Siren implements Behaviour {
  readonly #body: Body
  #isSounding = false
  #isTorn = false
  #silence = (): void => undefined

  constructor(body: Body) {
    this.#body = body
  }

  report(): void {
    this.#body.say({ kind: 'state', fields: { point: 'siren', sounding: this.#isSounding, tamper: this.#isTorn } })
  }

  execute({ action, soundMs }: CommandMessage): Answer {
    if (action !== 'sound' || soundMs === undefined) return refused('not possible here')
    return { outcome: 'done', afterwards: () => this.#sound(soundMs) }
  }

  perform(act: Act): void {
    if (act.kind !== 'tamper') return
    this.#isTorn = act.on
    this.report()
  }

  /** Nothing of it is kept: power that comes back wakes nobody. */
  powerLost(): void {
    this.#silence()
    this.#isSounding = false
  }

  #sound(ms: number): void {
    this.#silence()
    this.#turn(ms > 0)
    if (ms > 0) this.#silence = this.#body.after(ms, () => this.#turn(false))
  }
  #turn(isOn: boolean): void {
    this.#isSounding = isOn
    this.report()
    this.#body.happened('sound', 'siren', isOn ? 'on' : 'off')
  }
}
