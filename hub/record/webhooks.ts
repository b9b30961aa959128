/** Whom the hub tells, and how far each has been told. How the newest deliveries went, and what was set aside. */
import { all, type Db, first, lookUp, run, sql } from './sql.ts'

export interface WebhookRow {
  readonly id: string
  readonly name: string
  readonly url: string
  /** JSON lists. */
  readonly kinds: string
  readonly zones: string | null
  readonly tenant: string | null
  readonly operator: string | null
  readonly guarded: number
  readonly secret: string
  readonly oldSecret: string | null
  readonly oldSecretUntil: number | null
  readonly status: string
  readonly pausedBecause: string | null
  readonly pausedAt: number | null
  readonly createdAt: number
  readonly seq: number
  readonly deliveredAt: number | null
  readonly failingSince: number | null
  readonly rowSince: number | null
  readonly attempts: number
  readonly nextAt: number | null
  readonly revision: number
  /** Of its owner as it is now; null where there is none any more. */
  readonly tenantStatus: string | null
  readonly tenantScope: string | null
  readonly tenantExpiresAt: number | null
  readonly operatorStatus: string | null
  readonly operatorRole: string | null
  readonly operatorZones: string | null
}
export type NewWebhook = Pick<
  WebhookRow,
  'id' | 'name' | 'url' | 'kinds' | 'zones' | 'tenant' | 'operator' | 'guarded' | 'secret'
>
/** What a change may set; whoever makes it names the revision they saw. */
export type WebhookSet = Pick<
  WebhookRow,
  'name' | 'url' | 'kinds' | 'zones' | 'operator' | 'guarded' | 'status' | 'pausedBecause' | 'pausedAt'
>
export interface Delivery {
  readonly seq: number
  readonly at: number
  readonly attempt: number
  readonly outcome: string
  readonly status: number | null
  readonly cause: string | null
  readonly ms: number
}
export interface DeadRow {
  readonly seq: number
  readonly at: number
  readonly attempts: number
  readonly status: number | null
  readonly cause: string | null
}
/** How far it has come. */
export type Progress = Pick<WebhookRow, 'seq' | 'deliveredAt' | 'failingSince' | 'rowSince' | 'attempts' | 'nextAt'>
/** Deliveries that are kept of each. */
export const DELIVERIES_KEPT = 100

const known = sql
  .selectFrom('webhook as w')
  .leftJoin('tenant as t', 't.id', 'w.tenant')
  .leftJoin('operator as o', 'o.id', 'w.operator')
  .select(['w.id', 'w.name', 'w.url', 'w.kinds', 'w.zones', 'w.tenant', 'w.operator', 'w.guarded', 'w.secret'])
  .select(['w.status', 'w.seq', 'w.attempts', 'w.revision', 'w.created_at as createdAt'])
  .select(['w.old_secret as oldSecret', 'w.old_secret_until as oldSecretUntil'])
  .select(['w.paused_because as pausedBecause', 'w.paused_at as pausedAt', 'w.delivered_at as deliveredAt'])
  .select(['w.failing_since as failingSince', 'w.row_since as rowSince', 'w.next_at as nextAt'])
  .select(['t.status as tenantStatus', 't.scope as tenantScope', 't.expires_at as tenantExpiresAt'])
  .select(['o.status as operatorStatus', 'o.role as operatorRole', 'o.zones as operatorZones'])

export const webhookRows = (db: Db): WebhookRow[] => all(db, known.orderBy('w.name').orderBy('w.id'))
export const webhookRow = (db: Db, id: string): WebhookRow | undefined => first(db, known.where('w.id', '=', id))

const byId = lookUp(known.where('w.id', '=', ''))
/** For who asks all the time. */
export const webhookNow = (db: Db, id: string): WebhookRow | undefined => byId(db, id)

/** @param seq the row that tells of it: what comes after is for it */
export const addWebhook = (db: Db, hook: NewWebhook, at: number, seq: number): number =>
  run(
    db,
    sql.insertInto('webhook').values({
      ...hook,
      ...{ old_secret: null, old_secret_until: null, status: 'active', paused_because: null, paused_at: null },
      ...{ created_at: at, seq, delivered_at: null, failing_since: null, row_since: null, next_at: null },
      ...{ attempts: 0, revision: 1 },
    }),
  )

/** @returns false if it is not as its editor saw it any more */
export const putWebhook = (
  db: Db,
  { id, expected, pausedBecause, pausedAt, ...set }: WebhookSet & { readonly id: string; readonly expected: number },
): boolean =>
  run(
    db,
    sql
      .updateTable('webhook')
      .set({ ...set, paused_because: pausedBecause, paused_at: pausedAt, revision: expected + 1 })
      .where('id', '=', id)
      .where('revision', '=', expected),
  ) > 0

/** What failed before begins anew. */
export const freshStart = (db: Db, id: string): number =>
  run(
    db,
    sql
      .updateTable('webhook')
      .set({ attempts: 0, row_since: null, failing_since: null, next_at: null })
      .where('id', '=', id),
  )

/** @returns false if there is none, or it is paused already */
export const markPaused = (db: Db, id: string, because: string, at: number): boolean =>
  run(
    db,
    sql
      .updateTable('webhook')
      .set(eb => ({ status: 'paused', paused_because: because, paused_at: at, revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .where('status', '=', 'active'),
  ) > 0

/** Of an application, those that are not paused. */
export const activeOf = (db: Db, tenant: string): string[] =>
  all(
    db,
    sql.selectFrom('webhook').select('id').where('tenant', '=', tenant).where('status', '=', 'active').orderBy('id'),
  ).map(row => row.id)

/** @param until when the secret before stops counting */
export const putSecret = (db: Db, id: string, secret: string, until: number): boolean =>
  run(
    db,
    sql
      .updateTable('webhook')
      .set(eb => ({
        old_secret: eb.ref('secret'),
        old_secret_until: until,
        secret,
        revision: eb('revision', '+', 1),
      }))
      .where('id', '=', id),
  ) > 0

export function dropWebhook(db: Db, id: string): boolean {
  run(db, sql.deleteFrom('webhook_delivery').where('hook', '=', id))
  run(db, sql.deleteFrom('webhook_dead').where('hook', '=', id))
  return run(db, sql.deleteFrom('webhook').where('id', '=', id)) > 0
}

/**
 * Never back. Where the webhook was changed since it was read, what failed before is not put over what was begun anew.
 * @param revision as it was read @returns false where there is none, or it has come further
 */
export function putProgress(db: Db, id: string, p: Progress, revision: number): boolean {
  const moved = { seq: p.seq, delivered_at: p.deliveredAt }
  const tried = { attempts: p.attempts, failing_since: p.failingSince, row_since: p.rowSince, next_at: p.nextAt }
  const one = sql.updateTable('webhook').where('id', '=', id).where('seq', '<=', p.seq)
  return (
    run(db, one.set({ ...moved, ...tried }).where('revision', '=', revision)) > 0 ||
    run(db, one.set(moved).where('revision', '!=', revision)) > 0
  )
}

export function addDeliveries(db: Db, hook: string, deliveries: readonly Delivery[]): void {
  const kept = deliveries.slice(-DELIVERIES_KEPT)
  if (kept.length === 0) return
  run(db, sql.insertInto('webhook_delivery').values(kept.map(one => ({ ...one, hook }))))
  const oldest = first(
    db,
    sql
      .selectFrom('webhook_delivery')
      .select('number')
      .where('hook', '=', hook)
      .orderBy('number', 'desc')
      .offset(DELIVERIES_KEPT)
      .limit(1),
  )
  if (oldest) run(db, sql.deleteFrom('webhook_delivery').where('hook', '=', hook).where('number', '<=', oldest.number))
}
/** Newest first. */
export const deliveriesOf = (db: Db, hook: string): Delivery[] =>
  all(
    db,
    sql
      .selectFrom('webhook_delivery')
      .select(['seq', 'at', 'attempt', 'outcome', 'status', 'cause', 'ms'])
      .where('hook', '=', hook)
      .orderBy('number', 'desc')
      .limit(DELIVERIES_KEPT),
  )

export const addDead = (db: Db, hook: string, dead: DeadRow): number =>
  run(
    db,
    sql
      .insertInto('webhook_dead')
      .values({ hook, ...dead })
      .onConflict(c => c.doNothing()),
  )
export const dropDead = (db: Db, hook: string, seq: number): boolean =>
  run(db, sql.deleteFrom('webhook_dead').where('hook', '=', hook).where('seq', '=', seq)) > 0
export const deadCount = (db: Db, hook: string): number =>
  first(db, sql.selectFrom('webhook_dead').select(sql.fn.countAll<number>().as('count')).where('hook', '=', hook))
    ?.count ?? 0
const dead = sql.selectFrom('webhook_dead').select(['seq', 'at', 'attempts', 'status', 'cause'])
export const deadRow = (db: Db, hook: string, seq: number): DeadRow | undefined =>
  first(db, dead.where('hook', '=', hook).where('seq', '=', seq))
/** Newest first. @param before a seq, exclusive */
export const deadRows = (db: Db, hook: string, before: number, limit: number): DeadRow[] =>
  all(db, dead.where('hook', '=', hook).where('seq', '<', before).orderBy('seq', 'desc').limit(limit))
