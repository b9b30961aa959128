import type { CommandMessage } from '#devices/messages.ts'
import { type Act, type Answer, type BadgeAct, type Behaviour, type Body, badgeSaying, refused } from './behaviour.ts'
import { LockedPoint } from './lock.ts'

/** A medicine cabinet: the whole and each drawer has a reader, a lock and a contact of its own. */
export class Cabinet implements Behaviour {
  readonly #body: Body
  readonly #points: ReadonlyMap<string, LockedPoint>

  constructor(body: Body, points: readonly string[]) {
    this.#body = body
    this.#points = new Map(points.map(name => [name, new LockedPoint(name, body)]))
  }

  report(): void {
    for (const point of this.#points.values()) point.report()
  }

  execute(command: CommandMessage): Answer {
    return this.#points.get(command.point)?.execute(command) ?? refused('no such point')
  }

  perform(act: Act): void {
    if (act.kind === 'badge') this.#badge(act)
    else if (act.kind === 'tamper') this.#body.say({ kind: 'state', fields: { point: 'cabinet', tamper: act.on } })
  }

  powerLost(): void {
    for (const point of this.#points.values()) point.powerLost()
  }

  #badge(act: BadgeAct): void {
    if (act.hand) this.#points.get(act.point)?.expect(act.hand)
    this.#body.say(badgeSaying(act))
  }
}
