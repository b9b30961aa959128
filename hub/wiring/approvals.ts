/** Acts that wait for a second operator, put together: asking for them, for the hub and the command line alike. */
import { randomBytes } from 'node:crypto'
import type { AccessPoint } from '../access/site.ts'
import type { ApprovalView, ErasureView } from '../api.ts'
import { VigieError } from '../errors.ts'
import { ApprovalAsked } from '../flows/approval-asked.ts'
import { type Approval, ApprovalDecided } from '../flows/approval-decided.ts'
import type { ApprovalDesk, ApprovalReader } from '../http/approval-ports.ts'
import { byName, type Names } from '../notify/model.ts'
import { operators } from '../record/accounts.ts'
import { activeOperator } from '../record/accounts-sessions.ts'
import { type ApprovalRow, approval, approvals, unsettled } from '../record/approvals.ts'
import { versions } from '../record/past.ts'
import { item } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import {
  type ApprovalState,
  DANGEROUS_ACTS,
  type DangerousAct,
  type Deciding,
  maySecond,
  unfit,
  waits,
} from '../rules/approvals.ts'
import type { Role } from '../rules/roles.ts'
import type { PerformOp } from './enrolment.ts'

interface Needs {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  readonly now: () => number
}

export const approvalAsking = ({ db, op, now }: Needs): ApprovalAsked =>
  new ApprovalAsked({
    accounts: () => operators(db).length,
    points: () => pointsOf(db),
    write: a => op('askApproval', a),
    expiryOf: id => approval(db, id)?.expiresAt,
    newId: () => `a-${randomBytes(8).toString('hex')}`,
    now,
  })

/** As they are, then as they were, the newest first. */
const pointsOf = (db: Db): AccessPoint[] =>
  versions(db, 'accessPoint')
    .toSorted((a, b) => (b.until ?? Number.POSITIVE_INFINITY) - (a.until ?? Number.POSITIVE_INFINITY))
    .map(({ body }) => JSON.parse(body) as AccessPoint)

/** How each act is done once it is approved, in the name of who asked for it. */
export type CarryOut = Readonly<Record<DangerousAct, (args: never, asker: string) => Promise<unknown>>>

export interface DeskNeeds extends Needs {
  readonly carryOut: CarryOut
  readonly names: Names
  /** Of a person of the site, by id. */
  readonly nameOf: (person: string) => string
  readonly onFailure: (error: unknown) => void
}

export interface Desk extends ApprovalDesk {
  /** What ends by itself. Never rejects. */
  sweep(): Promise<void>
}

export const approvalDecided = ({
  db,
  op,
  carryOut,
  onFailure,
  now,
}: Needs & Pick<DeskNeeds, 'carryOut' | 'onFailure'>) =>
  new ApprovalDecided({
    find: id => knownOf(approval(db, id)),
    unsettled: () => unsettled(db).flatMap(row => knownOf(row) ?? []),
    operator: id => accountOf(db, id),
    decide: a => op('decideApproval', a),
    settle: a => op('settleApproval', a),
    carryOut: (act, args, asker) => carryOut[act](args as never, asker),
    onFailure,
    now,
  })

export function approvalDesk(needs: DeskNeeds): Desk {
  const { db, now, onFailure } = needs
  const decided = approvalDecided(needs)
  const seen = (row: ApprovalRow, who: Deciding): ApprovalView => viewOf(row, who, needs)
  /** @throws VigieError approval-unknown */
  const one = (id: string, { id: by }: ApprovalReader): ApprovalView => {
    const [row, who] = [approval(db, id), accountOf(db, by)]
    if (row && who && (row.asker === by || maySecond(who, row.act as DangerousAct))) return seen(row, who)
    throw new VigieError('approval-unknown', { approval: id })
  }
  return {
    list: ({ id }, { limit, ...query }) => {
      const who = accountOf(db, id)
      if (!who) return { approvals: [] }
      const acts = DANGEROUS_ACTS.filter(act => maySecond(who, act))
      const rows = approvals(db, { ...query, acts, asker: id, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      return {
        approvals: page.map(row => seen(row, who)),
        ...(rows.length > limit && last && { next: last.number }),
      }
    },
    view: one,
    approve: async (id, who, reason) => {
      one(id, who)
      const outcome = await decided.approve(id, who.id, reason)
      const done = one(id, who)
      return done.act === 'person-erased' ? { ...done, outcome: outcome as ErasureView } : done
    },
    refuse: async (id, who, reason) => {
      one(id, who)
      await decided.refuse(id, who.id, reason)
      return one(id, who)
    },
    withdraw: async (id, who, reason) => {
      one(id, who)
      await decided.withdraw(id, who.id, reason)
      return one(id, who)
    },
    sweep: async () => {
      if (unsettled(db).length === 0) return
      try {
        await decided.sweep()
      } catch (error) {
        onFailure(error)
      }
    },
  }

  function viewOf(row: ApprovalRow, who: Deciding, { names, nameOf }: DeskNeeds): ApprovalView {
    const known = knownOf(row) as Approval
    const subject = subjectOf(db, row, nameOf)
    const by = row.decidedBy === null ? undefined : (byName(row.decidedBy, names) ?? row.decidedBy)
    return {
      ...{ id: row.id, act: known.act, state: stateOf(known, now()), asker: byName(row.asker, names) ?? row.asker },
      ...{ askedAt: row.askedAt, expiresAt: row.expiresAt, own: row.asker === who.id },
      mayDecide: unfit(known, who, now()) === undefined,
      ...(subject && { subject }),
      ...(row.before !== null && { before: JSON.parse(row.before) as Record<string, unknown> }),
      ...(row.after !== null && { after: JSON.parse(row.after) as Record<string, unknown> }),
      ...(row.statedReason !== null && { statedReason: row.statedReason }),
      ...(by !== undefined && { decidedBy: by }),
      ...(row.decidedAt !== null && { decidedAt: row.decidedAt }),
      ...(row.decisionReason !== null && { decisionReason: row.decisionReason }),
      ...(row.cause !== null && { cause: row.cause }),
    }
  }
}

/** The next sweep writes it down. */
const stateOf = (known: Approval, now: number): ApprovalState =>
  known.state === 'pending' && !waits(known, now) ? 'expired' : known.state

function subjectOf(
  db: Db,
  { act, subject, before }: ApprovalRow,
  nameOf: DeskNeeds['nameOf'],
): ApprovalView['subject'] {
  if (subject === null) return undefined
  if (act === 'person-erased') return { kind: 'person', id: subject, name: nameOf(subject) }
  const kind = act === 'zone-removed' ? 'zone' : 'accessPoint'
  const body = item(db, kind, subject)?.body ?? before ?? '{}'
  return { kind, id: subject, name: (JSON.parse(body) as { name?: string }).name ?? subject }
}

export function accountOf(db: Db, id: string): Deciding | undefined {
  const row = activeOperator(db, id)
  return row && { id, role: row.role as Role, ...(row.zones !== null && { zones: JSON.parse(row.zones) as string[] }) }
}

function knownOf(row: ApprovalRow | undefined): Approval | undefined {
  if (!row) return undefined
  const { id, act, asker, state, expiresAt, args } = row
  return {
    ...{ id, act: act as DangerousAct, asker, state: state as ApprovalState, expiresAt },
    ...(args !== null && { args }),
  }
}
