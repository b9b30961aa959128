import type { CommandMessage } from '#devices/messages.ts'
import { type Act, type Answer, type Behaviour, type Body, badgeSaying, type Hand, refused } from './behaviour.ts'
import { LockedPoint } from './lock.ts'

const EXIT_RELEASE_MS = 4_000

/** A door: badge from outside, and a button inside that releases it whatever the hub says. */
export class Door implements Behaviour {
  readonly #body: Body
  readonly #leaf: LockedPoint

  constructor(body: Body) {
    this.#body = body
    this.#leaf = new LockedPoint('door', body)
  }

  report(): void {
    this.#leaf.report()
  }

  execute(command: CommandMessage): Answer {
    return command.point === this.#leaf.name ? this.#leaf.execute(command) : refused('no such point')
  }

  perform(act: Act): void {
    if (act.kind === 'badge') {
      if (act.hand) this.#leaf.expect(act.hand)
      this.#body.say(badgeSaying(act))
    } else if (act.kind === 'exit') this.#leave(act.hand)
    else if (act.kind === 'tamper') this.#body.say({ kind: 'state', fields: { point: 'door', tamper: act.on } })
  }

  powerLost(): void {
    this.#leaf.powerLost()
  }

  /** Leaving is wired, not decided: the hub hears of the button first, then of the bolt. */
  #leave(hand: Hand): void {
    this.#body.say({ kind: 'state', fields: { point: 'door', request: true } })
    this.#body.happened('exit', 'door')
    this.#leaf.expect(hand)
    this.#leaf.release(EXIT_RELEASE_MS)()
    this.#body.after(EXIT_RELEASE_MS, () =>
      this.#body.say({ kind: 'state', fields: { point: 'door', request: false } }),
    )
  }
}
