/** What waits for a second operator, and its end: each is one commit with the row that tells of it. */
import { VigieError } from '../errors.ts'
import type { ApprovalEvent } from '../events.ts'
import * as approvals from './approvals.ts'
import { append, type OpContext } from './op-context.ts'
import { bump } from './site.ts'

type At = { readonly at: number }

export const APPROVAL_OPS = {
  /**
   * @returns its id: the one that waits already, with nothing written, where the same was asked by the same
   * @throws VigieError approval-pending
   */
  askApproval: (c: OpContext, a: At & { approval: approvals.NewApproval; event: ApprovalEvent }): string => {
    const { at, approval, event } = a
    const waiting = approvals.pendingAbout(c.db, approval.act, approval.subject)
    if (waiting && waiting.expiresAt > at) return same(waiting, approval)
    if (waiting) end(c, waiting, { at, to: 'expired', kind: 'approval.expired' })
    approvals.addApproval(c.db, approval, at)
    append(c, at, event)
    bump(c.db, at)
    return approval.id
  },

  /** @returns false, with nothing written, if somebody was first */
  decideApproval: (c: OpContext, a: At & { decision: approvals.Decision; event: ApprovalEvent }): boolean => {
    const decided = approvals.decide(c.db, a.decision, a.at)
    if (decided) append(c, a.at, a.event)
    if (decided) bump(c.db, a.at)
    return decided
  },

  /** What was approved was done, or could not be: then with its row. */
  settleApproval: (c: OpContext, a: At & { id: string; failed?: ApprovalEvent & { cause: string } }): boolean => {
    const settled = approvals.settle(c.db, a.id, a.failed?.cause)
    if (settled && a.failed) append(c, a.at, a.failed)
    if (settled && a.failed) bump(c.db, a.at)
    return settled
  },
} as const

function same(waiting: approvals.ApprovalRow, { asker, args }: approvals.NewApproval): string {
  if (waiting.asker === asker && waiting.args === args) return waiting.id
  throw new VigieError('approval-pending', { approval: waiting.id })
}

interface Ending {
  readonly at: number
  readonly to: 'expired' | 'withdrawn'
  readonly kind: 'approval.expired' | 'approval.withdrawn'
  readonly by?: string
}
function end(c: OpContext, row: approvals.ApprovalRow, { at, to, kind, by }: Ending): void {
  const { id, act, asker } = row
  approvals.decide(c.db, { id, to, by: by ?? null, reason: null, forget: act === 'person-erased' }, at)
  append(c, at, { kind, approval: id, act, asker, ...(by !== undefined && { by }) })
}

/** An account that may do something else now, or nothing more: what it asked for waits no longer. In the same commit. */
export function endApprovalsOf(c: OpContext, asker: string, at: number, by: string): void {
  for (const row of approvals.pendingOf(c.db, asker))
    end(c, row, { at, to: 'withdrawn', kind: 'approval.withdrawn', by })
}
