/** What operators' acts lead to at the locks, in a running hub: whoever wrote them, this hub or the command line beside it. */
import { randomUUID } from 'node:crypto'
import type { Site } from '../access/site.ts'
import type { SituationChange } from '../access/situations.ts'
import type { Snapshot } from '../access/snapshot.ts'
import { EvacuationReleased } from '../flows/evacuation-released.ts'
import { LocksCalledBack } from '../flows/lockdown.ts'
import { type LockPlace, Orders } from '../flows/orders.ts'
import type { Unlocks } from '../flows/unlocks.ts'
import type { DeviceLink, Entry, JournalWriter, Recorded } from '../ports.ts'
import { recorder } from './recorder.ts'

export interface ActingNeeds {
  readonly registry: () => { readonly site: Site; readonly snapshot: Snapshot }
  /** The one of the badge path: answers of locks are matched there, and openings judged. */
  readonly unlocks: Unlocks
  readonly link: Pick<DeviceLink, 'command'>
  readonly journal: Pick<JournalWriter, 'append'>
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly notify: (recorded: Recorded) => void
  /** Milliseconds after which an order moves nothing. */
  readonly expiryMs: number
  readonly onFailure: (error: unknown) => void
  readonly now: () => number
}

export interface Acting {
  /**
   * To be called whenever the registry has changed, after the snapshot is swapped and the situations are merged, with what
   * operators' acts changed of them, be it nothing: a badge that is not active any more shows in the snapshot only. Never
   * with rows read at the start of the hub: nothing opens on a restart.
   */
  onActs(changes: readonly SituationChange[]): void
  /** Locks of these zones that are released at this moment are called back. @returns how many */
  callBack(zones: ReadonlySet<string>): number
  /** No further round of releases; the locks fall back by themselves. */
  stop(): void
}

export function makeActing(needs: ActingNeeds): Acting {
  const { registry, unlocks, link, expiryMs, onFailure, now } = needs
  const orders = new Orders({ unlocks, link, newId: randomUUID, expiryMs, now })
  const record = recorder(needs)
  const releases = new EvacuationReleased({
    doorsOf: plan => doorsOf(plan, registry()),
    unlock: (door, ms) => orders.unlock(door, ms),
    record,
    onFailure,
  })
  const locks = new LocksCalledBack({
    rights: () => registry().snapshot,
    openAt: (device, point) => unlocks.openAt(device, point, now()),
    lock: place => orders.lock(place),
    heldOpen: accessPoint => releases.holds(accessPoint),
    record,
    onFailure,
  })
  return {
    onActs: changes => {
      for (const { key, value } of changes.filter(c => c.kind === 'evacuation')) {
        if (value?.releasing) releases.start(key)
        else releases.stop(key)
      }
      // After the evacuations: a door that is held open is not called back.
      for (const { key, value } of changes.filter(c => c.kind === 'lockdown'))
        if (value && now() < value.until) locks.lockdown(key)
      locks.inactiveBadges()
    },
    callBack: zones => locks.inZones(zones),
    stop: () => releases.stopAll(),
  }
}

/** By the access points that the plan names, in their order; one that is gone from the site is left out. */
function doorsOf(plan: string, { site, snapshot }: ReturnType<ActingNeeds['registry']>): LockPlace[] {
  const release = site.evacuationPlans?.find(p => p.id === plan)?.release ?? []
  const places = new Map([...snapshot.points.values()].map(p => [p.accessPoint, p]))
  return release.flatMap(id => {
    const point = places.get(id)
    return point ? [{ accessPoint: id, zone: point.zone, class: point.class, ...point.lock }] : []
  })
}
