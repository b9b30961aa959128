/** Arrivals, departures, visits and who holds what, as the API shows them. Times are milliseconds since 1970, UTC. */
import type { Invited } from './api-accounts.ts'
import type { InventoryFlag } from './rules/inventory.ts'
import type { Direction, JobWish, TaskKind } from './rules/movements.ts'
import type { Role } from './rules/roles.ts'

export type { InventoryFlag } from './rules/inventory.ts'
export type { ArrivalWish, DepartureForm, Direction, JobWish, MovementChanges, TaskKind } from './rules/movements.ts'
export type { VisitWish } from './rules/visits.ts'

export interface JobView extends JobWish {
  readonly id: string
  readonly revision: number
}
export interface JobList {
  readonly jobs: readonly JobView[]
  readonly next?: string
}

export type MovementState = 'open' | 'done' | 'cancelled'
export interface TaskView {
  readonly id: string
  readonly kind: TaskKind
  /** What is handed out or done, where the kind does not say it. */
  readonly label?: string
  readonly dueAt: number
  /** Not done, and its time has come. */
  readonly overdue: boolean
  readonly doneAt?: number
  /** Absent where Vigie saw it by itself. */
  readonly doneBy?: string
}
export interface MovementView {
  readonly id: string
  readonly direction: Direction
  readonly state: MovementState
  /** Of the site, by id; the name as it stands there, else as it was filed. Absent: forgotten since. */
  readonly person: { readonly id: string; readonly name?: string }
  readonly job?: { readonly id: string; readonly name: string }
  /** The department. */
  readonly zone?: { readonly id: string; readonly name: string }
  /** Of an arrival: when it begins. Of a departure: when everything ends. */
  readonly at: number
  /** Of an arrival: when it ends, if that is known. A departure is filed with it. */
  readonly leavesAt?: number
  /** Site roles that it gives: the job's, as it was when it was filed, and those beyond it. */
  readonly roles: readonly string[]
  /** The account that it gives. */
  readonly account?: { readonly role: Role; readonly zones?: readonly string[] }
  readonly mail?: string
  readonly note?: string
  readonly filedBy: string
  readonly filedAt: number
  readonly carriedOutAt?: number
  readonly endedAt?: number
  readonly tasks: readonly TaskView[]
  readonly revision: number
}
export interface MovementList {
  readonly movements: readonly MovementView[]
  /** To be given as `before` for the next page. */
  readonly next?: number
}
/** One was filed; `departure`: with it, for the day that is known already. */
export interface MovementFiled {
  readonly movement: MovementView
  readonly departure?: string
}
/** Somebody has an account now: the link is in this answer and nowhere else. */
export interface MovementInvited {
  readonly movement: MovementView
  readonly invitation: Invited
}

export type VisitState = 'announced' | 'ended' | 'cancelled'
export interface VisitView {
  readonly id: string
  readonly state: VisitState
  /** Absent: forgotten since. */
  readonly visitor?: { readonly name: string; readonly company?: string }
  readonly host: { readonly id: string; readonly name: string }
  readonly from: number
  readonly until: number
  /** Doors, and zones whose doors these are. */
  readonly places: readonly VisitPlace[]
  /** A badge that is handed over, or a code on paper or a telephone. */
  readonly shownAs: 'badge' | 'qr'
  readonly announcedBy: string
  readonly announcedAt: number
  readonly endedAt?: number
  /** Absent where it ended by itself. */
  readonly endedBy?: string
  readonly revision: number
}
export interface VisitPlace {
  readonly kind: 'accessPoint' | 'zone'
  readonly id: string
  readonly name: string
}
export interface VisitList {
  readonly visits: readonly VisitView[]
  /** To be given as `before` for the next page. */
  readonly next?: number
}
export interface VisitMade {
  readonly visit: VisitView
  /** What the code holds, in hexadecimal: shown this once. */
  readonly code?: string
}

export interface HeldBadge {
  /** Whole for whoever issues badges; else its last four digits: who knows a number can copy the badge. */
  readonly uid: string
  readonly status: 'active' | 'suspended' | 'lost' | 'revoked'
  /** Granted or denied, wherever. Absent: never, as far as the journal goes back. */
  readonly lastUsedAt?: number
  readonly unused: boolean
}
export interface HeldAccount {
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly zones?: readonly string[]
  readonly status: 'active' | 'invited' | 'disabled'
  /** A code generator or a passkey. */
  readonly secondFactor: boolean
  /** Signs in through the hospital's identity provider. */
  readonly external: boolean
  readonly lastSignInAt?: number
  /** API tokens that still open something. */
  readonly tokens: number
  readonly unused: boolean
}
/** Somebody, with all they could come in by; or a badge or an account of nobody. */
export interface InventoryLine {
  /** To go on after: `next` of the page names it. */
  readonly key: string
  readonly person?: {
    readonly id: string
    readonly name: string
    readonly kind: 'staff' | 'visitor' | 'contractor'
    readonly validUntil?: number
  }
  readonly badges: readonly HeldBadge[]
  readonly accounts: readonly HeldAccount[]
  /** In force or to come. */
  readonly grants: number
  readonly pin: boolean
  readonly flags: readonly InventoryFlag[]
}
export interface Inventory {
  readonly lines: readonly InventoryLine[]
  readonly next?: string
  /** All that fits the words that were looked for, whatever flag. */
  readonly total: number
  readonly counts: Readonly<Record<InventoryFlag, number>>
  /** The journal goes back so far, ms: nothing is called unused for longer. Absent: it is empty. */
  readonly since?: number
}
