/**
 * The contract with the dashboard and other readers: REST shapes and socket events, types only.
 * Times are milliseconds since 1970, UTC. Names appear here, joined at reading time for those who may see them.
 */

import type { Refusal } from '#devices/messages.ts'
import type { Grant } from './access/grants.ts'
import type { Reason } from './access/reasons.ts'
import type { EvacuationPlan, LockdownPlan, Site } from './access/site.ts'
import type { BackupDestination, StorageView } from './api-journal.ts'
import type { SeriesHealth } from './api-series.ts'
import type { EventKind, Finding } from './events.ts'

/**
 * Questions about rights. GET /api/v1/explain?seq= or ?person= or ?badge= with &at= and &minutes=: WhyAnswer.
 * GET /api/v1/who?accessPoint=&at=: WhoAnswer. GET /api/v1/may?person=&at=: MayAnswer.
 * POST /api/v1/simulate with a SimulateQuestion: SimulateAnswer. GET /api/v1/unused?days=: UnusedAnswer.
 */
export type {
  Demand,
  DutyChange,
  ItemEdit,
  MayAnswer,
  MayQuestion,
  NamedId,
  Obstacle,
  PairChange,
  PlaceAsked,
  SimulateAnswer,
  SimulateQuestion,
  UnusedAnswer,
  UnusedQuestion,
  Way,
  WayInTime,
  WhoAnswer,
  WhoQuestion,
  WhyAnswer,
  WhyEvent,
  WhyQuestion,
  WhyStep,
} from './access/ask.ts'
export type { Grant, GrantOrigin } from './access/grants.ts'
export type * from './api-accounts.ts'
export type { Role as OperatorRole } from './api-accounts.ts'
export type * from './api-approvals.ts'
export type * from './api-incidents.ts'
export type * from './api-movements.ts'
export type * from './api-series.ts'
export type * from './api-stations.ts'
export type * from './api-tenants.ts'
export type * from './api-webhooks.ts'
export type { Finding } from './events.ts'

/** RFC 9457. */
export interface Problem {
  readonly type: string
  /** One sentence in the language that Accept-Language asks for, fr or en; in French where it asks for neither. */
  readonly title: string
  readonly status: number
  readonly code: string
  readonly field?: string
  /** When it makes sense to try again; also in the Retry-After header. */
  readonly seconds?: number
  /** status 500: the id under which the cause stands in the log. */
  readonly id?: string
}

/** GET /api/v1/site: what the plan is drawn from, and what may be started. */
export type SiteView = Pick<Site, 'site' | 'zones' | 'devices' | 'accessPoints'> & {
  readonly lockdownPlans: readonly LockdownPlan[]
  readonly evacuationPlans: readonly EvacuationPlan[]
}

/** A person as the feed names them. */
export interface Someone {
  /** In the site: told to applications, of those whom they may name. */
  readonly id?: string
  readonly name: string
  readonly role?: string
}
/**
 * What is going on beside the rights, for whoever watches: GET /api/v1/situations, and part of each hello. Only what the
 * feed says too: no reasons stated, no list of people.
 */
export interface SituationsView {
  readonly lockdowns: readonly {
    readonly plan: string
    readonly since: number
    readonly until: number
    readonly by?: string
  }[]
  readonly evacuations: readonly {
    readonly plan: string
    readonly since: number
    readonly by?: string
    /** False after a restart, until someone says to release again. */
    readonly releasing: boolean
    /** Last seen to go into a zone of the plan, and not accounted for since. */
    readonly inside: number
    readonly safe: number
  }[]
  /** The first of two people has badged there. */
  readonly awaited: readonly (PlaceOf & { readonly since: number; readonly until: number })[]
  readonly breakGlass: readonly (PlaceOf & { readonly id: string; readonly since: number; readonly until: number })[]
  readonly reviews: { readonly open: number; readonly overdue: number }
}
interface PlaceOf {
  readonly accessPoint: string
  readonly zone?: string
  readonly person?: Someone
}

/** An emergency opening that waits for a second person's finding. */
export interface Review {
  readonly id: string
  readonly person: Someone
  readonly accessPoint: string
  readonly zone: string
  readonly at: number
  readonly dueAt: number
  readonly overdue: boolean
  /** How often it was called overdue. */
  readonly escalations: number
  /** In the words of the badge holder. */
  readonly statedReason: string
  /** The one who asks broke the glass, or has been linked to who did since, and can't close it. */
  readonly own: boolean
  /** The one who asks is linked to nobody of the site, and can't close it before they are. */
  readonly needsPerson: boolean
}
/** GET /api/v1/reviews: the longest due first. */
export interface ReviewList {
  readonly reviews: readonly Review[]
}
/** POST /api/v1/reviews/:id/closing. `comment`: up to 500 characters, never a patient's name. */
export interface ReviewClosing {
  readonly finding: Finding
  readonly comment?: string
}

/** A person on a muster list. `id` is absent for somebody who is not in the site any more. */
interface Mustered {
  readonly id?: string
  readonly name: string
}
/** GET /api/v1/evacuations/:plan/muster. Reading it is itself recorded. */
export interface EvacuationMuster {
  readonly plan: string
  readonly name: string
  /** Absent where no evacuation of this plan is in force. */
  readonly since?: number
  /** Believed inside and not accounted for; longest first. */
  readonly inside: readonly (Mustered & {
    readonly zone: string
    readonly since: number
    readonly accessPoint: string
  })[]
  readonly safe: readonly (Mustered & { readonly at: number; readonly accessPoint?: string; readonly by?: string })[]
  /** On shift, not accounted for, and not known to be anywhere. */
  readonly onDutyUnknown: readonly Mustered[]
}

/** Registry revision that an act made: what decides from now on. */
interface Revised {
  readonly revision: number
}
/**
 * What is in force at once, whatever the disk does. `revision` is absent, and `recorded` not `journal`, where the disk did
 * not take it in time: `spool` is on disk and becomes a row when the journal is back, `pending` is in memory only.
 */
interface InForce extends Partial<Revised> {
  readonly recorded: 'journal' | 'spool' | 'pending'
}
/** POST /api/v1/lockdowns/:plan. It ends by itself at `until`. */
export interface LockdownStarted extends InForce {
  readonly plan: string
  readonly since: number
  readonly until: number
}
/** POST /api/v1/evacuations/:plan and .../resume. */
export interface EvacuationStarted extends InForce {
  readonly plan: string
  readonly since: number
}
/** DELETE of either. The end of a lockdown is always in the journal: it waits for the disk. */
export interface PlanEnded extends InForce {
  readonly plan: string
}
/** POST /api/v1/evacuations/:plan/safe with `{person}`, an id of the site. */
export interface AccountedFor extends Partial<InForce> {
  readonly at: number
}
/** POST /api/v1/passback/reset: of one zone and those below it, of one person, or of everybody. */
export interface PassbackResetRequest {
  readonly zone?: string
  readonly person?: string
}
export interface PassbackResetDone extends Revised {
  readonly count: number
}

/** POST /api/v1/interlocks/:accessPoint/reset: a door of a man-trap that counts as open, and is shut. */
export interface InterlockResetDone extends Revised {
  readonly accessPoint: string
}

/** POST /api/v1/grants. `target` may be left out for a shift only. */
export type GrantRequest = Omit<Grant, 'id' | 'by'>
export interface GrantIssued extends Revised {
  readonly grant: Grant
}
/** GET /api/v1/grants: in force or to come; with `?all=true` also those that ended within 24 h. */
export interface GrantList {
  readonly grants: readonly Grant[]
  /** Pass as `after` for the next page; absent at the end. */
  readonly next?: string
}

/** GET /api/v1/people?q=: who of the site has words beginning like these. */
export interface PeopleFound {
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly kind: 'staff' | 'visitor' | 'contractor'
    /** Ms since 1970; past: they have left. */
    readonly validUntil?: number
  }[]
  /** More fit than are named. */
  readonly more: boolean
}

/** POST /api/v1/people/:id/departure: what was live and has ended; all 0 for somebody who had left. */
export interface DepartureDone extends InForce {
  /** Person of the site, by id. */
  readonly person: string
  readonly badges: number
  readonly grants: number
  readonly accounts: number
}

/** POST /api/v1/badges/:uid/lost. Without `recorded` there was nothing left to do. */
export interface BadgeLostDone extends Partial<InForce> {
  /** Person of the site, by id. */
  readonly person: string
  readonly ended: number
  /** Where the revocation has not arrived yet. */
  readonly pending: readonly {
    readonly accessPoint: string
    readonly device: string
    readonly why: 'released' | 'device-offline' | 'lock-silent'
  }[]
}
/** PUT /api/v1/people/:id/pin. 4 to 8 digits each. */
export interface PinRequest {
  readonly pin: string
  readonly duressPin?: string
}
export interface PinDone extends Partial<Revised> {
  readonly changed: boolean
}

/** GET /api/v1/site/items/:kind/:id. Its `revision` is the ETag, to be named in If-Match when it is put or removed. */
export interface SiteItem {
  readonly kind: string
  readonly id: string
  readonly revision: number
  readonly item: unknown
}
/** GET /api/v1/site/items/:kind. */
export interface SiteItemIds {
  readonly kind: string
  /** By id, at most a thousand. */
  readonly ids: readonly string[]
  /** Pass as `after` for the next page; absent at the end. */
  readonly next?: string
}

/** One point of one device, as last reported. Absent means never reported: drawn as unknown. */
export interface PointState {
  readonly device: string
  readonly point: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly lock?: 'locked' | 'unlocked'
  readonly contact?: 'open' | 'closed'
  readonly tamper?: boolean
  readonly on?: boolean
  readonly brightness?: number
  readonly battery?: number
  readonly sounding?: boolean
  /** An unlock was ordered and not answered yet. Ordered is not released is not opened. */
  readonly ordered?: boolean
  /** True if it was opened without a grant or a request to exit, until it is closed. */
  readonly forced?: boolean
  readonly since: number
}

/** Its own certificate, or a gateway's password, which of some travels unencrypted. Only the first takes part in decisions. */
export type Trust = 'certificate' | 'password' | 'password-plain'

export interface DeviceState {
  readonly id: string
  readonly model: string
  readonly name: string
  readonly zone?: string
  readonly status: 'declared' | 'enrolled' | 'revoked'
  readonly online: boolean
  readonly since?: number
  readonly lastSeen?: number
  readonly certificateUntil?: number
  /** What vouches for what it says; nothing yet where it is absent. */
  readonly trust?: Trust
  /** Last reported hub minus device clock, ms, and whether it is beyond the limit. */
  readonly skewMs?: number
  readonly skewed?: boolean
  readonly readings: Readonly<Record<string, { readonly value: number; readonly unit: string; readonly at: number }>>
  /** What was refused since the hub's start, by kind. */
  readonly refused: Readonly<Partial<Record<Refusal, number>>>
  readonly messages: number
}

/** GET /api/v1/devices. */
export interface DeviceList {
  readonly devices: readonly DeviceState[]
}
/** GET /api/v1/devices/:id. */
export interface DeviceDetail extends DeviceState {
  readonly points: readonly PointState[]
  /** Of a gateway: what it tells of that no device of the site is, newest first. */
  readonly found: readonly { readonly address: string; readonly fields: readonly string[]; readonly at: number }[]
}

/** One line of the feed. */
export interface LiveEvent {
  /** The journal's; below zero while `unrecorded`, and then of this run of the hub only. */
  readonly seq: number
  /** It has happened, and is not in the journal yet. It comes again, with its seq, when it is. A hello brings all of them. */
  readonly unrecorded?: true
  /** The line below zero that this one takes the place of. */
  readonly replaces?: number
  readonly at: number
  readonly kind: EventKind
  readonly device?: string
  readonly point?: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly person?: Someone
  /** The second of two people. */
  readonly witness?: Someone
  readonly reason?: Reason
  readonly refusal?: Refusal
  /** How many: refusals, rows, wrong PINs, locks released, positions reset, times called overdue. */
  readonly count?: number
  /** evacuation.released: locks that did not answer. */
  readonly silent?: number
  /** Opened by something else than a rule. */
  readonly via?: 'grant' | 'break-glass'
  /** A lockdown or evacuation plan, by id. */
  readonly plan?: string
  /** Who did it: an operator's name, `cli:<user>`, `tenant:<name>`; `reverted` for a lockdown that ended by itself. */
  readonly by?: string
  readonly finding?: Finding
  readonly origin?: Grant['origin']
  /** For the application that wrote the grant which opened, or which came or went: the grant, its reference and its key. */
  readonly grant?: string
  readonly reference?: string
  readonly key?: string
  /** tenant.*: the application, by name. */
  readonly tenant?: string
  /** break-glass.ended. */
  readonly why?: 'expired' | 'badge-lost' | 'withdrawn'
  /** point.closed: how long it was open. lock.*: from badge to answer. */
  readonly ms?: number
}

/** GET /api/v1/events?before=&limit=&kind=&zone=&device= : newest first, no cap on paging. */
export interface EventPage {
  readonly events: readonly LiveEvent[]
  /**
   * Pass as `before` for the next page; absent at the end, and only there. A page may be short, or empty, and still have
   * one: a rare kind, zone or device is looked for in so many rows at a time.
   */
  readonly next?: number
}

/** What GET /api/v1/events may be narrowed by. `before` is a journal seq, exclusive; `limit` 1 to 200. */
export interface EventQuery {
  readonly before?: number
  readonly limit: number
  readonly kind?: EventKind
  readonly zone?: string
  readonly device?: string
  /** Kinds that whoever asks may not see; nothing to be asked for. */
  readonly except?: readonly EventKind[]
  /** Only what lies in one of these, or tells of the account of `own` (pseudonym); nothing to be asked for. */
  readonly zones?: readonly string[]
  readonly own?: string
}

/** GET /api/v1/health: also shown beside the connection's own state. */
export interface HubState {
  readonly version: string
  readonly startedAt: number
  readonly journal: { readonly writable: boolean; readonly rows: number; readonly lastCommitMs?: number }
  /** Refused since the start from sockets without a valid certificate, by kind. */
  readonly unidentified?: Readonly<Partial<Record<Refusal, number>>>
  readonly devicesOnline: number
  readonly devicesKnown: number
  /** Absent until it was first looked at. */
  readonly storage?: StorageView
  readonly series?: SeriesHealth
  /** Folders that backups go to. */
  readonly backups?: readonly BackupDestination[]
  /** What the directory's groups stand for: absent where no file says so; unusable: nobody gets in by the directory. */
  readonly directory?: { readonly usable: boolean; readonly groups: number }
}

export type * from './api-journal.ts'
export type { ClientEvents, ServerEvents } from './api-socket.ts'
