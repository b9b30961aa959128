/**
 * Answers to questions about rights: who, what, why, what if. Shapes only, shared with the API; ids and names stand side by
 * side, because these are for people to read. Times are milliseconds since 1970, UTC; words are in both languages.
 */
import type { Said } from '../errors.ts'
import type { GrantOrigin } from './grants.ts'
import type { Reason } from './reasons.ts'
import type { Badge, PointClass } from './site.ts'

export interface NamedId {
  readonly id: string
  readonly name: string
}
export interface PlaceAsked extends NamedId {
  readonly zone: NamedId
  readonly class: PointClass
}

/** What has to be met at the reader, beside a valid badge. */
export interface Demand {
  readonly kind: 'pin' | 'reason' | 'on-duty' | 'reference' | 'witness'
  /** reference: which kind. */
  readonly of?: 'patient' | 'prescription' | 'any'
  /** witness: role of the second person, and seconds after the first badge. */
  readonly role?: NamedId
  readonly withinS?: number
  /** Met already, by a shift under way or by the reference of a prescription's grant. */
  readonly met?: true
  /** pin: known to be missing, whatever they bring: nothing is on record. */
  readonly lacking?: Said
  readonly text: Said
}

/** What opens a point for somebody: a right of a role, or a temporary grant. */
export type Way = RuleWay | GrantWay
export interface RuleWay {
  readonly kind: 'rule'
  /** The role that states it, and the place in its `rights`. */
  readonly role: NamedId
  readonly right: number
  /** The role that the person holds, where that one inherits it. */
  readonly through?: NamedId
  readonly schedule: NamedId
  readonly demands: readonly Demand[]
  readonly text: Said
}
export interface GrantWay {
  readonly kind: 'grant'
  readonly grant: string
  readonly origin: GrantOrigin
  readonly from: number
  /** At the point asked about: earlier than the grant says where the point's class allows less. */
  readonly until: number
  readonly demands: readonly Demand[]
  readonly text: Said
}

/** One reason of the closed list; `badge-missing`: the person has no badge at all. `text` has the name of what stands in the way. */
export interface Obstacle {
  readonly reason: Reason | 'badge-missing'
  /** By id; denied-by-rule: `role/right`. */
  readonly because?: string
  readonly text: Said
}

/** Who can open a point at a time. What is going on (a lockdown, who is inside) counts where the question is about now. */
export interface WhoAnswer {
  readonly accessPoint: PlaceAsked
  readonly at: number
  readonly timeZone: string
  readonly revision: number
  /** By name. */
  readonly may: readonly { readonly person: NamedId; readonly ways: readonly Way[] }[]
  /** In an emergency, giving a reason. `also`: has an ordinary way at that time too. */
  readonly breakGlass: readonly { readonly person: NamedId; readonly also: boolean }[]
  /** Would have a way, but for their badge, a rule that forbids, or what is going on now. */
  readonly keptOut: readonly {
    readonly person: NamedId
    readonly obstacles: readonly Obstacle[]
    readonly ways: readonly Way[]
  }[]
  /** What stands now, and whether it is counted. */
  readonly notes: readonly Said[]
}

/** When a way is open, beside what it is. */
export type WayInTime = Way & {
  /** At the time asked about. */
  readonly open: boolean
  readonly when: Said
}
/** What a person may open, and why. */
export interface MayAnswer {
  readonly person: NamedId
  readonly roles: readonly NamedId[]
  readonly at: number
  readonly timeZone: string
  readonly revision: number
  /** `end`: last four digits of the badge's number. `obstacle`: why it opens nothing at that time. */
  readonly badges: readonly {
    readonly end: string
    readonly status: Badge['status']
    readonly obstacle?: Obstacle
  }[]
  readonly points: readonly {
    readonly accessPoint: PlaceAsked
    /** At the time asked about, the demands met. */
    readonly open: boolean
    /** What is going on now that keeps it shut, where rights would open it. */
    readonly obstacle?: Obstacle
    readonly ways: readonly WayInTime[]
    /** Rules that forbid it at times: they go before every way. */
    readonly forbidden: readonly WayInTime[]
  }[]
  readonly breakGlass: readonly PlaceAsked[]
  /** What stands now, and whether it is counted. */
  readonly notes: readonly Said[]
}

/** One rule that was looked at, as explain() tells it. */
export interface WhyStep {
  readonly code: string
  readonly outcome: 'passed' | 'stopped' | 'noted'
  readonly text: Said
}
/** One badge event of the journal, explained with the rights and grants of its time. */
export interface WhyEvent {
  readonly seq: number
  readonly at: number
  readonly person?: NamedId
  readonly witness?: NamedId
  readonly accessPoint?: NamedId
  readonly device: string
  readonly point: string
  /** As the journal has it. */
  readonly journaled: {
    readonly granted: boolean
    readonly reason: Reason
    readonly because?: string
    readonly text: Said
  }
  /** As it is decided again now from those rights, with the situation that the journaled reason came from put in place. */
  readonly remade: { readonly granted: boolean; readonly reason: Reason; readonly text: Said }
  readonly rights: number
  /**
   * same: both come to the same. situation: the journaled reason comes from what was going on, which is not kept, so it is
   * taken as given. differs: they contradict each other, and nothing accounts for it.
   */
  readonly verdict: 'same' | 'situation' | 'differs'
  readonly notes: readonly Said[]
  readonly steps: readonly WhyStep[]
}
export interface WhyAnswer {
  readonly timeZone: string
  /** Oldest first. */
  readonly events: readonly WhyEvent[]
  /** What was looked through; absent where one row was asked for. */
  readonly from?: number
  readonly until?: number
}

export interface PairChange {
  readonly person: NamedId
  readonly accessPoint: NamedId
  /** Badge events that would end another way now. */
  readonly gained: number
  readonly lost: number
  /** Refused before and after, for another reason. */
  readonly otherwise: number
  readonly first: { readonly seq: number; readonly at: number; readonly before: Reason; readonly after: Reason }
}
/** `conditions`: can open it before and after, but what has to be met changes. */
export interface DutyChange {
  readonly person: NamedId
  readonly accessPoint: NamedId
  readonly effect: 'loses' | 'gains' | 'conditions'
  /** First minute, from now to the end of the shift, at which it makes a difference. */
  readonly from: number
  readonly now: boolean
}
/** What a change would have meant for the badge events of the last days, and what it means for those on duty now. */
export interface SimulateAnswer {
  readonly revision: number
  readonly days: number
  readonly from: number
  readonly until: number
  /** Since when there are rows, where that is less than was asked for. */
  readonly journalSince?: number
  readonly events: number
  readonly same: number
  readonly gained: number
  readonly lost: number
  readonly otherwise: number
  /** Neither right can say anything about these: a badge or a reader that no longer exists on both sides. */
  readonly skipped: number
  /** Those who lose most first, 1,000 at most. */
  readonly pairs: readonly PairChange[]
  readonly morePairs: number
  readonly onDuty: {
    /** granted-12h: no shift is known of anybody, so whoever was granted something in the last 12 h is looked at. */
    readonly basis: 'shift' | 'granted-12h'
    readonly people: number
    /** By name, 1,000 at most. */
    readonly changes: readonly DutyChange[]
    readonly more: number
  }
  readonly notes: readonly Said[]
}

export interface UnusedAnswer {
  readonly days: number
  readonly since: number
  readonly revision: number
  /** Set where the journal does not reach back as far as asked: then nothing older is judged. */
  readonly journalSince?: number
  /** `pointer`: where it stands in the exported site file. */
  readonly rights: readonly {
    readonly role: NamedId
    readonly right: number
    readonly what: Said
    readonly pointer: string
  }[]
  readonly memberships: readonly {
    readonly person: NamedId
    readonly role: NamedId
    readonly pointer: string
  }[]
  readonly grants: readonly {
    readonly grant: string
    readonly person: NamedId
    readonly origin: GrantOrigin
    readonly from: number
    readonly until: number
    /** Over already: nothing is left to withdraw, but whoever issues such grants may want to know. */
    readonly ended: boolean
  }[]
}

/**
 * Times asked about are text: `07:02` (today, on the clock of the site), `2026-12-25 03:00` (likewise), or RFC 3339 with a
 * zone. Left out: now.
 */
export type WhyQuestion =
  | { readonly seq: number }
  /** Either a person (by id) or a badge (by its number). A time of day still to come means yesterday's. */
  | {
      readonly person?: string | undefined
      readonly badge?: string | undefined
      readonly at: string
      /** Before and after, 1 to 720; default 10. */
      readonly minutes?: number | undefined
    }
export interface WhoQuestion {
  readonly accessPoint: string
  readonly at?: string | undefined
}
export interface MayQuestion {
  readonly person: string
  readonly at?: string | undefined
}
export interface SimulateQuestion {
  readonly changes: readonly ItemEdit[]
  /** 1 to 90; default 30. */
  readonly days?: number | undefined
}
export interface UnusedQuestion {
  /** 1 to 3650; default 90. */
  readonly days?: number | undefined
}

/** One item as it should be; `null` takes it away. */
export interface ItemEdit {
  readonly kind: string
  readonly id: string
  readonly item: unknown
}
