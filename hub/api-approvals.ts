/** The contract of acts that wait for a second operator: REST shapes, types only. Part of hub/api.ts. */
import type { ErasureView } from './api-journal.ts'
import type { ApprovalState, DangerousAct } from './rules/approvals.ts'

export type { ApprovalState, DangerousAct } from './rules/approvals.ts'

/** With status 202, from whatever would have done it at once: nothing has changed yet. Its address is in `Location`. */
export interface ApprovalAsked {
  readonly approval: {
    readonly id: string
    readonly act: DangerousAct
    /** Milliseconds since 1970, UTC: until then a second operator may approve. */
    readonly expiresAt: number
  }
}
/** GET /api/v1/approvals/:id. Times are milliseconds since 1970, UTC. */
export interface ApprovalView {
  readonly id: string
  readonly act: DangerousAct
  readonly state: ApprovalState
  /** What it is about. Of a person nothing is left once it is decided. */
  readonly subject?: { readonly kind: string; readonly id: string; readonly name: string }
  /** What would change, field by field. */
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
  /** Name of who asked for it. */
  readonly asker: string
  readonly askedAt: number
  readonly expiresAt: number
  readonly statedReason?: string
  /** Name of who decided; absent where it ended by itself. */
  readonly decidedBy?: string
  readonly decidedAt?: number
  readonly decisionReason?: string
  /** State `failed`: code of what stood in the way (docs/errors.md). */
  readonly cause?: string
  /** In the answer to the approval of an erasure, and nowhere else: what went, what stays until when. */
  readonly outcome?: ErasureView
  /** Whoever asks now is who asked for it, and may withdraw it. */
  readonly own: boolean
  /** Whoever asks now may approve or refuse it. */
  readonly mayDecide: boolean
}
/** GET /api/v1/approvals: those one may decide or has asked for, newest first. `state=pending` or `decided`. */
export interface ApprovalList {
  readonly approvals: readonly ApprovalView[]
  /** Give it back as `before` for the page after this one. */
  readonly next?: number
}
