/** What is asked at a reader, and what comes of it. Shapes only; deciding is decide.ts. Subjects are pseudonyms. */
import type { Reason } from './reasons.ts'
import type { PointClass } from './site-classes.ts'
import type { PinFact, Reference, SituationChange } from './situations.ts'

export interface AccessRequest {
  /** The reader's device id, from its certificate, and the point its message names. */
  readonly device: string
  readonly point: string
  /** Hexadecimal, any case. */
  readonly uid: string
  /** Hub time, ms since 1970, UTC; never the device's own clock. */
  readonly at: number
  /** Absent if no PIN was entered. */
  readonly pin?: PinFact
  /** In the badge holder's words. */
  readonly statedReason?: string
  readonly reference?: Reference
  /** The emergency button was pressed. */
  readonly breakGlass?: boolean
}

export type DenyReason = Exclude<Reason, 'granted'>

/** What opened: a rule of a role (index into its `rights`, in the role that states it), a grant, an emergency. */
export type Via =
  | { readonly kind: 'rule'; readonly role: string; readonly right: number }
  | { readonly kind: 'grant'; readonly grant: string; readonly reference?: string }
  /** `begins`: this badge started it; otherwise it was running already, under `id`. */
  | { readonly kind: 'break-glass'; readonly begins: true }
  | { readonly kind: 'break-glass'; readonly begins: false; readonly id: string }

export interface Granted {
  readonly granted: true
  readonly reason: 'granted'
  /** Revision of the snapshot. */
  readonly rights: number
  readonly person: string
  readonly credential: string
  readonly accessPoint: string
  readonly zone: string
  readonly class: PointClass
  /** 500 to 60000 ms. */
  readonly unlockMs: number
  /** Where the unlock command goes. */
  readonly lock: { readonly device: string; readonly point: string }
  readonly via: Via
  /** The second person, never the same as `person`: their badge completed this; `credential` stays the first one's. */
  readonly witness?: string
  /** Soft anti-passback: zone that was entered twice. Let in, and recorded. */
  readonly passback?: string
  /** A PIN was entered under duress. Nothing at the reader may show it. */
  readonly duress?: true
}
/** Whatever is known of who and where is named, so that the journal can tell. */
export interface Denied {
  readonly granted: false
  readonly reason: DenyReason
  readonly rights: number
  readonly person?: string
  readonly credential?: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly class?: PointClass
  /** What stood in the way, by id: `role/right` of a deny, a lockdown plan, a zone, the other door, a grant. */
  readonly because?: string
  /** witness-awaited: how long a second badge counts. pin-locked: how long no PIN counts. Milliseconds. */
  readonly waitMs?: number
  readonly duress?: true
}
export type Decision = Granted | Denied

/** What a decision leads to beside the opening: rows that change, and what has to be told of. */
export interface Consequences {
  readonly changes: readonly SituationChange[]
  readonly tells: readonly Tell[]
}
export type Tell =
  /** An awaited opening that nobody will complete any more: of another person than the one whose badge ended it. */
  | { readonly kind: 'access.lapsed'; readonly person: string }
  | { readonly kind: 'duress.raised' }
  /** The N-th wrong PIN in a row. */
  | { readonly kind: 'pin.alarm'; readonly wrong: number; readonly lockedUntil: number }
  | {
      readonly kind: 'break-glass.opened'
      readonly id: string
      readonly statedReason: string
      readonly until: number
      readonly dueAt: number
    }
  | { readonly kind: 'passback.violated'; readonly area: string }
  | { readonly kind: 'muster.counted'; readonly plan: string }
