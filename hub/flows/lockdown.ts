/**
 * A lockdown begins, or ends before its time.
 *
 *   check    the plan is one of the site, and is in force, or is not
 *   record   its situation and its journal row, in one commit; every decision from then on looks at it
 *   act      in the hub, whoever started it: the locks of its zones that are released at this moment are called back.
 *            Never an escape door, and never a door that an evacuation holds open.
 *
 * It ends by itself after the minutes of its plan (access/due.ts). Ending it opens nothing. A running hub locks down whatever
 * its disk does (without-disk.ts); to end a lockdown before its time, which lets people in again, has to be on record first.
 */
import type { Snapshot, SnapshotPoint } from '../access/snapshot.ts'
import { VigieError } from '../errors.ts'
import type { LockSilent } from '../events.ts'
import { type ActNeeds, needPlan } from './acting.ts'
import type { Answered, LockPlace } from './orders.ts'
import { ActWriter, type WithoutDisk, type Written } from './without-disk.ts'

export interface LockdownView {
  readonly plan: string
  readonly name: string
  readonly rank: number
  /** Milliseconds since 1970, UTC; absent while it is not in force. */
  readonly since?: number
  /** Exclusive. */
  readonly until?: number
  readonly by?: string
}

export class Lockdown {
  readonly #needs: ActNeeds
  readonly #writer: ActWriter

  /** @param withoutDisk only in a running hub: its memory is what decides */
  constructor(needs: ActNeeds, withoutDisk?: WithoutDisk) {
    this.#needs = needs
    this.#writer = new ActWriter(needs.write, withoutDisk)
  }

  /** @throws VigieError plan-unknown, plan-running, situation-changed; journal-unavailable where no hub runs here */
  async start(id: string, by: string): Promise<LockdownView & Written> {
    const { facts, now } = this.#needs
    const { site, situations } = facts()
    const plan = needPlan(site.lockdownPlans, id)
    const at = now()
    const running = situations.lockdown.get(id)
    if (running && at < running.until) throw new VigieError('plan-running', { plan: id })
    const value = { since: at, until: at + plan.revertAfterMinutes * 60_000, by }
    const written = await this.#writer.orGoOn({
      at,
      // One that has run out and is not cleared away yet is as good as none.
      expect: [{ kind: 'lockdown', key: id, present: running !== undefined }],
      situations: [{ kind: 'lockdown', key: id, value }],
      events: [{ kind: 'lockdown.started', plan: id, by, until: value.until }],
    })
    return { plan: id, name: plan.name, rank: plan.rank, ...value, ...written }
  }

  /** Also for a plan that the site does not have any more. @throws VigieError plan-unknown, plan-not-running, situation-changed, journal-unavailable */
  async end(id: string, by: string): Promise<{ readonly plan: string } & Written> {
    const { facts, now } = this.#needs
    const { site, situations } = facts()
    if (!situations.lockdown.has(id)) {
      needPlan(site.lockdownPlans, id)
      throw new VigieError('plan-not-running', { plan: id })
    }
    const written = await this.#writer.orFail({
      at: now(),
      expect: [{ kind: 'lockdown', key: id, present: true }],
      situations: [{ kind: 'lockdown', key: id }],
      events: [{ kind: 'lockdown.ended', plan: id, by }],
    })
    return { plan: id, ...written }
  }

  /** Every plan of the site, in force or not. */
  list(): LockdownView[] {
    const { site, situations } = this.#needs.facts()
    const at = this.#needs.now()
    return (site.lockdownPlans ?? []).map(({ id, name, rank }) => {
      const row = situations.lockdown.get(id)
      return { plan: id, name, rank, ...(row && at < row.until ? row : {}) }
    })
  }
}

/** One and the same object for as long as it lasts. */
export interface Opening {
  readonly credential?: string
}
export interface CallBackNeeds {
  readonly rights: () => Snapshot
  /** Who may be opening that lock at this moment. */
  readonly openAt: (device: string, point: string) => Opening | undefined
  readonly lock: (place: LockPlace) => Promise<Answered>
  /** True for a point that an evacuation holds open now. */
  readonly heldOpen: (accessPoint: string) => boolean
  /** Journal, else spool. */
  readonly record: (event: LockSilent) => Promise<void>
  readonly onFailure: (error: unknown) => void
}

/** Sends lock orders: the acting half, in a running hub only. */
export class LocksCalledBack {
  readonly #needs: CallBackNeeds
  /** Openings that a lock is being called back for: not a second time, unless it did not answer. */
  readonly #called = new WeakSet<object>()

  constructor(needs: CallBackNeeds) {
    this.#needs = needs
  }

  /** A lockdown plan has come into force. @returns how many locks were called back */
  lockdown(plan: string): number {
    return this.#call(point => point.lockdownPlans.some(l => l.plan === plan))
  }

  /** A scenario asks for it. @param within zones, with those below them */
  inZones(within: ReadonlySet<string>): number {
    return this.#call(point => within.has(point.zone))
  }

  /** Locks that were released by a badge which is not active any more: lost, suspended, revoked or withdrawn. */
  inactiveBadges(): number {
    const { credentials } = this.#needs.rights()
    return this.#call(
      (_, { credential }) => credential !== undefined && credentials.get(credential)?.status !== 'active',
    )
  }

  /** What leads out, or is held open so that people get out, is left alone. */
  #call(which: (point: SnapshotPoint, open: Opening) => boolean): number {
    const { rights, openAt, heldOpen } = this.#needs
    let count = 0
    for (const point of rights().points.values()) {
      const { accessPoint, zone, lock } = point
      const open = openAt(lock.device, lock.point)
      if (!open || this.#called.has(open) || point.class === 'escape-door' || heldOpen(accessPoint)) continue
      if (!which(point, open)) continue
      this.#order({ accessPoint, zone, class: point.class, ...lock }, open)
      count++
    }
    return count
  }

  #order(place: LockPlace, open: Opening): void {
    const { lock, record, onFailure } = this.#needs
    this.#called.add(open)
    lock(place)
      .then(({ command, outcome }) => {
        if (outcome !== 'done') this.#called.delete(open)
        if (outcome === 'silent') return record({ kind: 'lock.silent', ...place, command })
      })
      .catch(onFailure)
  }
}
