/** What the HTTP edge asks of acts that wait for a second operator. wiring/approvals.ts hands it in. */
import type { ApprovalList, ApprovalView } from '../api.ts'

/** Who asks; only what concerns them is there for them. */
export interface ApprovalReader {
  /** Pseudonym. */
  readonly id: string
}
export interface ApprovalDesk {
  list(
    who: ApprovalReader,
    query: { readonly pending?: boolean; readonly before?: number; readonly limit: number },
  ): ApprovalList
  /** @throws VigieError approval-unknown */
  view(id: string, who: ApprovalReader): ApprovalView
  /** @throws VigieError approval-unknown, approval-own, approval-decided, approval-asker-gone; what the act itself throws */
  approve(id: string, who: ApprovalReader, reason?: string): Promise<ApprovalView>
  /** @throws VigieError approval-unknown, approval-own, approval-decided */
  refuse(id: string, who: ApprovalReader, reason: string): Promise<ApprovalView>
  /** @throws VigieError approval-unknown, approval-foreign, approval-decided */
  withdraw(id: string, who: ApprovalReader, reason?: string): Promise<ApprovalView>
}
