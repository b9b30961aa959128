/**
 * A site compiled for deciding: everything a badge can lead to, in memory, a look-up away. Never altered: a change of
 * rights makes a new one that shares what stayed the same (compile.ts). A decision names the revision it was made from.
 * People who hold the same roles share one profile: a site has thousands of people, and a few dozen profiles.
 */
import type { Timetable, WallClock } from './calendar.ts'
import type { GrantOrigin } from './grants.ts'
import type { Validity } from './instant.ts'
import type { Badge, Conditions, FailureMode, PointClass } from './site.ts'

export const DEFAULT_UNLOCK_MS = 5_000

/** A place a badge can be held to. */
export interface SnapshotPoint {
  /** Its place in the lists of a profile. */
  readonly index: number
  readonly accessPoint: string
  readonly zone: string
  readonly class: PointClass
  readonly failureMode: FailureMode
  /** 500 to 60000 ms. */
  readonly unlockMs: number
  /** Where the unlock command goes: the reader's own device and point unless the lock hangs elsewhere. */
  readonly lock: { readonly device: string; readonly point: string }
  /** Of every way of opening it, whatever the rule or grant. Break-glass alone goes past it. */
  readonly requires?: Conditions
  readonly passage?: SnapshotPassage
  /** The other access points of its man-traps. */
  readonly interlocked: readonly string[]
  /** Plans whose zones hold it (or hold what its passage leads to), highest rank first. */
  readonly lockdownPlans: readonly SnapshotLockdown[]
  /** Evacuation plans that count a badge here as safe. */
  readonly musters: readonly string[]
}
export interface SnapshotPassage {
  readonly from: string
  readonly to: string
  /** Zones with a limit that are entered (`to` lies in them, `from` does not), and left. */
  readonly enters: readonly SnapshotArea[]
  readonly leaves: readonly SnapshotArea[]
}
/** A zone with anti-passback or an occupancy limit. */
export interface SnapshotArea {
  readonly zone: string
  /** It and the zones below it. */
  readonly within: ReadonlySet<string>
  readonly antiPassback?: { readonly mode: 'hard' | 'soft' | 'timed'; readonly ms: number }
  readonly occupancyLimit?: number
}
export interface SnapshotLockdown {
  readonly plan: string
  readonly rank: number
  /** Roles. */
  readonly allow: ReadonlySet<string>
}

/** A right of a role, as it stands at one point. */
export interface SnapshotRule {
  /** The role that states it, and its place in that role's `rights`. */
  readonly role: string
  readonly right: number
  readonly timetable: Timetable
  readonly requires?: Conditions
}

/** All that one set of roles gives. Lists are by the index of the point; undefined where there is nothing. */
export interface Profile {
  /** With the inherited ones. */
  readonly roles: ReadonlySet<string>
  readonly lockdownRank: number
  readonly allow: readonly (readonly SnapshotRule[] | undefined)[]
  readonly deny: readonly (readonly SnapshotRule[] | undefined)[]
  readonly breakGlass: readonly (true | undefined)[]
}

/** A temporary grant, ready to be looked at. */
export interface SnapshotGrant {
  readonly id: string
  readonly origin: GrantOrigin
  readonly from: number
  readonly until: number
  readonly reference?: string
  /**
   * Index of each point it opens -> how long its class allows after `from`, ms; empty for a shift without a target. A grant is
   * checked when it is issued, and outlives that check: a point may move under it, or become something stricter. Look with
   * endAt, never at `until` alone. Grants for the same place share one map.
   */
  readonly points: ReadonlyMap<number, number>
}
/** When a grant ends at a point, by the point's index; ms since 1970, UTC, exclusive. Undefined: it does not open that point. */
export function endAt({ points, from, until }: SnapshotGrant, index: number): number | undefined {
  const longest = points.get(index)
  return longest === undefined ? undefined : Math.min(until, from + longest)
}

export interface SnapshotPerson {
  /** Pseudonym. */
  readonly person: string
  readonly validity: Validity
  /** Index into `profiles`. */
  readonly profile: number
}

export interface SnapshotBadge {
  /** Pseudonym. */
  readonly credential: string
  readonly status: Badge['status']
  readonly validity: Validity
  readonly holder: SnapshotPerson
}

/** Figures of the site's policy, defaults filled in. */
export interface SnapshotPolicy {
  readonly breakGlassMs: number
  readonly breakGlassPerDay: number
  readonly reviewMs: number
  readonly pinTries: number
  readonly pinSlowDownMs: number
}

export interface Snapshot {
  readonly revision: number
  readonly clock: WallClock
  readonly policy: SnapshotPolicy
  /** By `device/point` of the reader. */
  readonly points: ReadonlyMap<string, SnapshotPoint>
  /** By uid, upper-case hexadecimal. */
  readonly badges: ReadonlyMap<string, SnapshotBadge>
  /** By pseudonym: the witness path decides for a person whose badge is not at the reader any more. */
  readonly people: ReadonlyMap<string, SnapshotPerson>
  /** By pseudonym of the badge: the first one's badge is looked at again when the second one comes. */
  readonly credentials: ReadonlyMap<string, SnapshotBadge>
  readonly profiles: readonly Profile[]
  /** By pseudonym of the person, by `from`; past ones are kept for a day, to say why nothing opens any more. */
  readonly grants: ReadonlyMap<string, readonly SnapshotGrant[]>
  /** Badges without a pseudonym or a holder: they can't be journaled, so they are unknown at every door. Expect 0. */
  readonly omittedBadges: number
}

/** Person id -> pseudonym, badge uid -> pseudonym. */
export interface Pseudonyms {
  readonly person: ReadonlyMap<string, string>
  readonly badge: ReadonlyMap<string, string>
}

/** Ids hold no slash, so no other pair of device and point has this key. */
export const pointKey = (device: string, point: string): string => `${device}/${point}`
