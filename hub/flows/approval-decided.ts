/**
 * A second operator decides what somebody else asked for; or nobody does, and it ends.
 *
 *   look     it is there, still waits, and whoever asked for it still may
 *   guard    another operator, who may do it too, everywhere; or, to withdraw it, the one who asked
 *   record   the decision and its row, once: of two at the same moment one wins
 *   act      what was asked for, as it was asked for, in the asker's name and against the revision they saw
 *   settle   it is done; or it failed, with a row that names the cause: then nothing was done
 */
import { isVigieError, VigieError } from '../errors.ts'
import type { ApprovalEvent } from '../events.ts'
import { type ApprovalState, type DangerousAct, type Deciding, mayAsk, unfit, waits } from '../rules/approvals.ts'
import type { Awaitable } from './acting.ts'

/** As it is kept. */
export interface Approval {
  readonly id: string
  readonly act: DangerousAct
  readonly asker: string
  readonly state: ApprovalState
  readonly expiresAt: number
  /** JSON; absent once it is decided. */
  readonly args?: string
}
type Ended = Extract<ApprovalState, 'approved' | 'refused' | 'withdrawn' | 'expired'>
interface Outcome {
  readonly at: number
  readonly id: string
  readonly failed?: ApprovalEvent & { readonly cause: string }
}
interface Needs {
  readonly find: (id: string) => Approval | undefined
  /** Waiting or being carried out. */
  readonly unsettled: () => readonly Approval[]
  /** The account as it is; undefined if it has ended. Whoever asked from the command line has none. */
  readonly operator: (id: string) => Deciding | undefined
  /** @returns false if it does not wait any more @throws VigieError journal-unavailable */
  readonly decide: (decided: {
    readonly at: number
    readonly decision: {
      readonly id: string
      readonly to: Ended
      readonly by: string | null
      readonly reason: string | null
      readonly forget: boolean
    }
    readonly event: ApprovalEvent
  }) => Awaitable<boolean>
  readonly settle: (outcome: Outcome) => Awaitable<unknown>
  /** Does what was asked for. @throws VigieError what it runs into */
  readonly carryOut: (act: DangerousAct, args: unknown, asker: string) => Promise<unknown>
  readonly onFailure: (error: unknown) => void
  readonly now: () => number
}
const KIND_OF = {
  approved: 'approval.given',
  refused: 'approval.refused',
  withdrawn: 'approval.withdrawn',
  expired: 'approval.expired',
} as const satisfies Record<Ended, ApprovalEvent['kind']>

export const STATE_WORDS: Readonly<Record<ApprovalState, { readonly en: string; readonly fr: string }>> = {
  pending: { en: 'waiting', fr: 'en attente' },
  approved: { en: 'approved', fr: 'approuvée' },
  done: { en: 'approved and done', fr: 'approuvée et exécutée' },
  failed: { en: 'approved, and failed', fr: 'approuvée, et en échec' },
  refused: { en: 'refused', fr: 'refusée' },
  withdrawn: { en: 'withdrawn', fr: 'retirée' },
  expired: { en: 'expired', fr: 'expirée' },
}

export class ApprovalDecided {
  readonly #needs: Needs
  /** Being carried out by this very process. */
  readonly #underWay = new Set<string>()
  /** What became of some, where it could not be noted yet. */
  readonly #owed = new Map<string, Outcome>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @returns what came of the act @throws VigieError approval-unknown, approval-own, approval-decided, approval-asker-gone; and what the act throws, which then was not done */
  async approve(id: string, by: string, reason?: string): Promise<unknown> {
    const approval = this.#need(id)
    this.#guard(approval, by)
    await this.#guardAsker(approval)
    this.#underWay.add(id)
    try {
      await this.#end(approval, 'approved', by, reason)
      return await this.#carryOut(approval)
    } finally {
      this.#underWay.delete(id)
    }
  }

  /** @throws VigieError approval-unknown, approval-own, approval-decided */
  async refuse(id: string, by: string, reason: string): Promise<void> {
    const approval = this.#need(id)
    this.#guard(approval, by)
    await this.#end(approval, 'refused', by, reason)
  }

  /** By who asked for it; at the command line by whoever has it. @throws VigieError approval-unknown, approval-foreign, approval-decided */
  async withdraw(id: string, by: string, reason?: string): Promise<void> {
    const approval = this.#need(id)
    if (approval.asker !== by && !by.startsWith('cli:')) throw new VigieError('approval-foreign')
    if (!waits(approval, this.#needs.now())) throw decided(approval)
    await this.#end(approval, 'withdrawn', by, reason)
  }

  /** What nobody decided in time, what was asked for by who may no longer, and what a stop of the hub cut short. */
  async sweep(): Promise<void> {
    for (const approval of this.#needs.unsettled()) {
      if (approval.state === 'approved') await this.#cutShort(approval)
      else if (!waits(approval, this.#needs.now())) await this.#endUnasked(approval, 'expired')
      else if (!this.#mayStillAsk(approval)) await this.#endUnasked(approval, 'withdrawn')
    }
  }

  #need(id: string): Approval {
    const approval = this.#needs.find(id)
    if (!approval) throw new VigieError('approval-unknown', { approval: id })
    return approval
  }

  #guard(approval: Approval, by: string): void {
    const who = this.#needs.operator(by)
    const why = who ? unfit(approval, who, this.#needs.now()) : 'not-allowed'
    if (why === 'approval-decided') throw decided(approval)
    if (why) throw new VigieError(why, why === 'not-allowed' ? { capability: 'approvals.decide' } : {})
  }

  async #guardAsker(approval: Approval): Promise<void> {
    if (this.#mayStillAsk(approval)) return
    await this.#endUnasked(approval, 'withdrawn')
    throw new VigieError('approval-asker-gone')
  }

  #mayStillAsk({ asker, act }: Approval): boolean {
    if (asker.startsWith('cli:')) return true
    const who = this.#needs.operator(asker)
    return who !== undefined && mayAsk(who, act)
  }

  /** @throws VigieError approval-decided */
  async #end(approval: Approval, to: Ended, by?: string, reason?: string): Promise<void> {
    const { id, act, asker } = approval
    const written = await this.#needs.decide({
      at: this.#needs.now(),
      decision: { id, to, by: by ?? null, reason: reason ?? null, forget: act === 'person-erased' },
      event: {
        ...{ kind: KIND_OF[to], approval: id, act, asker },
        ...(by !== undefined && { by }),
        ...(reason !== undefined && { statedReason: reason }),
      },
    })
    if (!written) throw decided(this.#need(id))
  }

  async #endUnasked(approval: Approval, to: 'expired' | 'withdrawn'): Promise<void> {
    try {
      await this.#end(approval, to)
    } catch (error) {
      if (!isVigieError(error) || error.code !== 'approval-decided') throw error
    }
  }

  async #carryOut(approval: Approval): Promise<unknown> {
    const { carryOut, now } = this.#needs
    const { id, act, args, asker } = approval
    let outcome: unknown
    try {
      outcome = await carryOut(act, JSON.parse(args ?? 'null'), asker)
    } catch (error) {
      await this.#failed(approval, isVigieError(error) ? error.code : 'internal')
      throw error
    }
    await this.#settle({ at: now(), id })
    return outcome
  }

  async #cutShort(approval: Approval): Promise<void> {
    const owed = this.#owed.get(approval.id)
    if (owed) await this.#settle(owed)
    else if (!this.#underWay.has(approval.id)) await this.#failed(approval, 'interrupted')
  }

  #failed({ id, act, asker }: Approval, cause: string): Promise<void> {
    const failed = { kind: 'approval.failed', approval: id, act, asker, cause } as const
    return this.#settle({ at: this.#needs.now(), id, failed })
  }

  /** What was done is done. Where that can't be noted, the next sweep tries again. */
  async #settle(outcome: Outcome): Promise<void> {
    try {
      await this.#needs.settle(outcome)
      this.#owed.delete(outcome.id)
    } catch (error) {
      this.#owed.set(outcome.id, outcome)
      this.#needs.onFailure(error)
    }
  }
}

const decided = ({ state }: Approval): VigieError =>
  new VigieError('approval-decided', { state: STATE_WORDS[state === 'pending' ? 'expired' : state] })
