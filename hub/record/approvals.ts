/** Acts that wait for a second operator, and what became of them. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface ApprovalRow {
  /** In the order they were asked for. */
  readonly number: number
  readonly id: string
  readonly act: string
  readonly subject: string | null
  /** JSON; null once decided. */
  readonly args: string | null
  readonly before: string | null
  readonly after: string | null
  readonly asker: string
  readonly statedReason: string | null
  readonly askedAt: number
  readonly expiresAt: number
  readonly state: string
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly decisionReason: string | null
  readonly cause: string | null
}
export interface NewApproval {
  readonly id: string
  readonly act: string
  readonly subject: string
  readonly args: string
  readonly before: string | null
  readonly after: string | null
  readonly asker: string
  readonly statedReason: string | null
  readonly expiresAt: number
}

const rows = sql
  .selectFrom('approval')
  .select([
    ...(['number', 'id', 'act', 'subject', 'args', 'before', 'after', 'asker', 'state', 'cause'] as const),
    ...(['stated_reason as statedReason', 'asked_at as askedAt', 'expires_at as expiresAt'] as const),
    ...(['decided_by as decidedBy', 'decided_at as decidedAt', 'decision_reason as decisionReason'] as const),
  ])

export const approval = (db: Db, id: string): ApprovalRow | undefined => first(db, rows.where('id', '=', id))

export interface ApprovalQuery {
  /** Of these acts, or asked for by this one. */
  readonly acts: readonly string[]
  readonly asker?: string
  readonly pending?: boolean
  /** Numbers below this one. */
  readonly before?: number
  readonly limit: number
}
/** Newest first. */
export function approvals(db: Db, { acts, asker, pending, before, limit }: ApprovalQuery): ApprovalRow[] {
  let query = rows
    .where(w => w.or([w('act', 'in', [...acts, '']), ...(asker === undefined ? [] : [w('asker', '=', asker)])]))
    .orderBy('number', 'desc')
    .limit(limit)
  if (pending !== undefined) query = query.where('state', pending ? '=' : '!=', 'pending')
  if (before !== undefined) query = query.where('number', '<', before)
  return all(db, query)
}
/** Waiting or being carried out. */
export const unsettled = (db: Db): ApprovalRow[] =>
  all(db, rows.where('state', 'in', ['pending', 'approved']).orderBy('number'))
export const pendingOf = (db: Db, asker: string): ApprovalRow[] =>
  all(db, rows.where('state', '=', 'pending').where('asker', '=', asker))
export const pendingAbout = (db: Db, act: string, subject: string): ApprovalRow | undefined =>
  first(db, rows.where('state', '=', 'pending').where('act', '=', act).where('subject', '=', subject))

export function addApproval(db: Db, { statedReason, expiresAt, ...rest }: NewApproval, at: number): void {
  const row = { ...rest, stated_reason: statedReason, asked_at: at, expires_at: expiresAt, state: 'pending' }
  run(db, sql.insertInto('approval').values(row))
}

export interface Decision {
  readonly id: string
  readonly to: string
  readonly by: string | null
  readonly reason: string | null
  /** Whom it is about is known by nothing but what waits. */
  readonly forget: boolean
}
/** What it was asked with goes. @returns false, and nothing written, if it does not wait any more */
export function decide(db: Db, { id, to, by, reason, forget }: Decision, at: number): boolean {
  const update = sql.updateTable('approval').set({
    ...{ state: to, args: null, decided_by: by, decided_at: at, decision_reason: reason },
    ...(forget && { subject: null, before: null, after: null, stated_reason: null }),
  })
  return run(db, update.where('id', '=', id).where('state', '=', 'pending')) === 1
}

/** @returns false, and nothing written, if it was not being carried out */
export function settle(db: Db, id: string, cause: string | undefined): boolean {
  const update = sql
    .updateTable('approval')
    .set({ state: cause === undefined ? 'done' : 'failed', cause: cause ?? null })
  return run(db, update.where('id', '=', id).where('state', '=', 'approved')) === 1
}
