/**
 * A badge is reported lost. One action:
 *
 *   check    the badge is of the site
 *   record   its status `lost`, what ends with it, and the journal rows, in one commit: a second person awaited on this
 *            badge, the holder's emergency openings
 *   act      in the hub, whoever reported it: locks that this badge has released are called back (lockdown.ts)
 *   answer   what is in force, and where the revocation has not arrived yet
 *
 * A running hub does it whatever its disk does (without-disk.ts): the badge opens nothing from then on, and its row in the
 * spool brings the status with it.
 *
 * Every decision is the hub's own, so what can be behind is a lock: ordered back and not confirmed, or out of reach. A
 * device that decides by itself while the hub is down will be one more entry of the same list.
 */
import type { Site } from '../access/site.ts'
import type { SituationChange } from '../access/situations.ts'
import { VigieError } from '../errors.ts'
import type {
  AccessGranted,
  AccessWithdrawn,
  BadgeLost as BadgeLostEvent,
  BreakGlassEnded,
  LockAnswered,
  LockSilent,
  PointChanged,
  Recorded,
  VigieEvent,
} from '../events.ts'
import { type ActFacts, type Awaitable, needPerson } from './acting.ts'
import { type WithoutDisk, type Written, writtenOrInForce } from './without-disk.ts'

export interface NotArrived {
  readonly accessPoint: string
  /** The lock's. */
  readonly device: string
  /** `released`: called back, no answer yet. `lock-silent`: it did not answer. `device-offline`: it can't be told. */
  readonly why: 'released' | 'device-offline' | 'lock-silent'
}
export interface LostBadge {
  /** Person of the site, by id. */
  readonly person: string
  /** Situations that ended with it, locks to call back among them. */
  readonly ended: number
  /** Absent if it was lost or revoked already and nothing was left to end, or if the disk did not take it in time. */
  readonly revision?: number
  /** Absent if there was nothing to record. */
  readonly recorded?: Written['recorded']
  readonly pending: readonly NotArrived[]
}

interface Needs {
  readonly facts: () => ActFacts
  readonly write: (lost: {
    readonly at: number
    readonly uid: string
    readonly status: 'lost'
    readonly situations: readonly SituationChange[]
    readonly events: readonly (BadgeLostEvent | BreakGlassEnded)[]
  }) => Awaitable<number>
  /** Locks this badge has released that may still be so. */
  readonly released: (credential: string) => Awaitable<readonly NotArrived[]>
  /** Only in a running hub: its memory is what decides. */
  readonly withoutDisk?: WithoutDisk | undefined
  /** Resolves when the running hub decides by what is stored, or there is none. */
  readonly inForce: () => Awaitable<unknown>
  readonly now: () => number
}

/** How long an answer waits for locks to confirm, and how often it looks, milliseconds. */
const PATIENCE_MS = 2_000
const LOOK_MS = 50

export class BadgeLost {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError badge-unknown, person-unknown, not-in-force; journal-unavailable where no hub runs here */
  async lost(uid: string, by: string): Promise<LostBadge> {
    const { facts, write, released, now, withoutDisk } = this.#needs
    const seen = facts()
    const badge = seen.site.badges.find(b => b.uid === uid.toUpperCase())
    const credential = badge && seen.credentialOf(badge.uid)
    if (!badge || credential === undefined) throw new VigieError('badge-unknown')
    const person = needPerson(seen, badge.person)
    const { situations, events } = endedWith(seen, credential, person)
    const ended = situations.length + (await released(credential)).length
    const known = badge.status === 'lost' || badge.status === 'revoked'
    const told: BadgeLostEvent = { kind: 'badge.lost', credential, person, by, ended }
    const answer = { person: badge.person, ended }
    if (known && situations.length === 0) return { ...answer, pending: await this.#pending(credential) }
    const act = { at: now(), situations, events: [told, ...events] }
    const lose = (): Awaitable<number> => write({ ...act, uid: badge.uid, status: 'lost' })
    const written = await writtenOrInForce(lose, act, withoutDisk, () => withoutDisk?.loseBadge(badge.uid, situations))
    return { ...answer, ...written, pending: await this.#pending(credential) }
  }

  /** Locks get a moment to answer; one that is out of reach is told of at once. */
  async #pending(credential: string): Promise<readonly NotArrived[]> {
    const { released, inForce } = this.#needs
    await inForce()
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const pending = await released(credential)
      if (pending.every(p => p.why !== 'released') || performance.now() > deadline) return pending
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    }
  }
}

function endedWith({ situations: now }: ActFacts, credential: string, person: string) {
  const witness = [...now.witness].filter(([, row]) => row.credential === credential)
  const glass = [...now['break-glass']].filter(([key]) => key.startsWith(`${person}/`))
  const situations: SituationChange[] = [
    ...witness.map(([key]) => ({ kind: 'witness' as const, key })),
    ...glass.map(([key]) => ({ kind: 'break-glass' as const, key })),
  ]
  const events = glass.map(([key, { id }]): BreakGlassEnded => {
    return { kind: 'break-glass.ended', id, person, accessPoint: key.slice(person.length + 1), why: 'badge-lost' }
  })
  return { situations, events }
}

/** Kinds of rows that `stillReleased` is told by. */
export const LOCK_KINDS = [
  'access.granted',
  'access.withdrawn',
  'lock.unlocked',
  'lock.kept',
  'lock.locked',
  'lock.refused',
  'lock.failed',
  'lock.silent',
  'point.locked',
] as const satisfies readonly VigieEvent['kind'][]

/** Longer than any order to a lock lives (60 s) and any lock stays released by one (60 s), milliseconds. */
export const LONGEST_RELEASE_MS = 120_000

type Open = NotArrived & { readonly until: number; readonly command: string }
type LockRow =
  | AccessGranted
  | AccessWithdrawn
  | LockAnswered
  | LockSilent
  | (PointChanged & { readonly kind: 'point.locked' })

/**
 * Locks that a badge has released and that may not have locked again, by what the journal tells.
 * @param rows of LOCK_KINDS, oldest first, of the last LONGEST_RELEASE_MS
 * @param expiryMs how long an order to a lock lives
 */
export function stillReleased(
  rows: readonly Recorded[],
  { site, credential, expiryMs, now }: { site: Site; credential: string; expiryMs: number; now: number },
  isOnline: (device: string) => boolean,
): NotArrived[] {
  const open = new Map<string, Open>()
  for (const { event, at } of rows as readonly Recorded<LockRow>[]) {
    const ofBadge = event.kind === 'access.granted' || event.kind === 'access.withdrawn'
    const lock = ofBadge ? lockOf(site, event.accessPoint) : event
    if (!lock) continue
    const key = `${lock.device}/${lock.point}`
    if (event.kind !== 'access.granted') settle(open, key, event)
    else if (event.credential === credential && event.accessPoint !== undefined) {
      const until = at + expiryMs + event.unlockMs
      const { accessPoint, command } = event
      open.set(key, { accessPoint, device: lock.device, why: 'released', until, command })
    }
  }
  const left = [...open.values()].filter(o => now < o.until)
  return left.map(({ until: _, command: __, ...o }) =>
    isOnline(o.device) ? o : { ...o, why: 'device-offline' as const },
  )
}

/** A lock that has not answered may have moved all the same; one that refused to open, or never heard of it, has not. */
function settle(open: Map<string, Open>, key: string, event: Exclude<LockRow, { kind: 'access.granted' }>): void {
  const known = open.get(key)
  if (!known) return
  const never = event.kind === 'lock.refused' || event.kind === 'access.withdrawn'
  const refused = never && event.command === known.command
  if (refused || event.kind === 'lock.locked' || event.kind === 'point.locked') open.delete(key)
  else if (event.kind === 'lock.silent') open.set(key, { ...known, why: 'lock-silent' })
}

function lockOf(site: Site, accessPoint: string | undefined): { device: string; point: string } | undefined {
  const point = site.accessPoints.find(a => a.id === accessPoint)
  return point && (point.lock ?? { device: point.device, point: point.point })
}
