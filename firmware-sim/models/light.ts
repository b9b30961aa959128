import type { CommandMessage } from '#devices/messages.ts'
import { type Act, type Answer, type Behaviour, type Body, refused } from './behaviour.ts'

/** A dimmable light: follows the wall switch and the hub, whichever spoke last. */
export class Light implements Behaviour {
  readonly #body: Body
  #on = false
  #brightness = 0

  constructor(body: Body) {
    this.#body = body
  }

  report(): void {
    this.#body.say({ kind: 'state', fields: { point: 'lamp', on: this.#on, brightness: this.#brightness } })
  }

  execute(command: CommandMessage): Answer {
    if (command.action !== 'set') return refused('not possible here')
    const on = command.on ?? (command.brightness === undefined ? this.#on : command.brightness > 0)
    return { outcome: 'done', afterwards: () => this.#set(on, command.brightness ?? (on ? 100 : 0)) }
  }

  perform(act: Act): void {
    if (act.kind === 'switch') this.#set(act.on, act.brightness)
  }

  /** The lamp goes dark with the power; the ballast remembers nothing. */
  powerLost(): void {
    this.#on = false
    this.#brightness = 0
  }

  #set(on: boolean, brightness: number): void {
    this.#on = on
    this.#brightness = on ? brightness : 0
    this.report()
    this.#body.happened('light', 'lamp', on ? `${this.#brightness} %` : 'off')
  }
}
