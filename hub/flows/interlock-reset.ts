/**
 * A door of a man-trap counts as open, and nobody will say that it is shut: its contact is broken, or its device is dead.
 * Somebody has looked, and says so.
 *
 *   check    the door counts as open
 *   record   that it does not any more, with a journal row, in one commit
 *
 * Nothing opens by it: the other doors of the man-trap open by a badge again. A lock that was released a moment ago still
 * counts as released until that is over.
 */
import { VigieError } from '../errors.ts'
import { type ActNeeds, shown } from './acting.ts'

export class InterlockReset {
  readonly #needs: ActNeeds

  constructor(needs: ActNeeds) {
    this.#needs = needs
  }

  /** @throws VigieError item-unknown, door-not-open, situation-changed, journal-unavailable */
  async reset(accessPoint: string, by: string): Promise<{ readonly accessPoint: string; readonly revision: number }> {
    const { facts, write, now } = this.#needs
    const { site, situations } = facts()
    const row = situations.door.get(accessPoint)
    const point = site.accessPoints.find(a => a.id === accessPoint)
    if (!point && !row) throw new VigieError('item-unknown', { kind: 'accessPoint', id: shown(accessPoint) })
    if (row?.open !== true) throw new VigieError('door-not-open', { accessPoint })
    const at = now()
    const { releasedUntil } = row
    const key = { kind: 'door', key: accessPoint } as const
    const revision = await write({
      at,
      expect: [{ ...key, present: true }],
      situations: [releasedUntil > at ? { ...key, value: { open: false, releasedUntil } } : key],
      events: [{ kind: 'interlock.reset', by, accessPoint, ...(point ? { zone: point.zone } : {}) }],
    })
    return { accessPoint, revision }
  }
}
