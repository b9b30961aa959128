/** Reading the journal and the registry: for the hub's own connection, the API and the CLI. Writes nothing. */
import type { EventKind, Recorded, VigieEvent } from '../events.ts'
import { all, type Db, lookUp, sql } from './sql.ts'

export interface EventFilter {
  /** Only rows with a lower seq; newest first. */
  readonly before?: number
  /** Only rows with a higher seq; then oldest first. */
  readonly after?: number
  /** No row with a lower seq; the order stays as it is. */
  readonly from?: number
  readonly limit: number
  readonly kinds?: readonly EventKind[]
  readonly except?: readonly EventKind[]
  readonly zone?: string
  readonly device?: string
  /** Only what lies in one of these, or tells of the account of `own` (pseudonym). */
  readonly zones?: readonly string[]
  /** With `zones`: or at one of these access points. */
  readonly points?: readonly string[]
  readonly own?: string
}

/**
 * Rows whose payload was erased are left out: there is nothing to tell about them. A filter is looked for without an end:
 * whoever shares a thread with doors reads through paging.ts.
 */
export function events(db: Db, f: EventFilter): Recorded[] {
  let query = sql
    .selectFrom('journal as j')
    .innerJoin('journal_payload as p', 'p.seq', 'j.seq')
    .select(['j.seq', 'j.at', 'p.body'])
  if (f.before !== undefined) query = query.where('j.seq', '<', f.before)
  if (f.after !== undefined) query = query.where('j.seq', '>', f.after)
  if (f.from !== undefined) query = query.where('j.seq', '>=', f.from)
  if (f.kinds) query = query.where('j.kind', 'in', [...f.kinds])
  if (f.except?.length) query = query.where('j.kind', 'not in', [...f.except])
  if (f.zone !== undefined)
    query = query.where(eb => eb(eb.ref('p.body', '->>').key('zone' as never), '=', f.zone as never))
  if (f.device !== undefined)
    query = query.where(eb => eb(eb.ref('p.body', '->>').key('device' as never), '=', f.device as never))
  const { zones, points = [], own = '' } = f
  if (zones)
    query = query.where(eb => {
      const said = (key: string) => eb.ref('p.body', '->>').key(key as never)
      const tellsOfOwn = [eb(said('by'), '=', own as never), eb(said('operator'), '=', own as never)]
      const atPoint = points.length > 0 ? [eb(said('accessPoint'), 'in', points as never)] : []
      return eb.or([eb(said('zone'), 'in', zones as never), ...atPoint, ...(own === '' ? [] : tellsOfOwn)])
    })
  const rows = all(db, query.orderBy('j.seq', f.after === undefined ? 'desc' : 'asc').limit(f.limit))
  return rows.map(r => ({ seq: r.seq, at: r.at, event: JSON.parse(r.body) as VigieEvent }))
}

/** What each device sent last, so that a message sent again after a restart is known: highest seq, newest message ids. */
export interface Received {
  readonly device: string
  readonly seq: number
  readonly ids: readonly string[]
}

/** Ids are taken from the newest rows; beyond them the sequence number alone tells old from new. */
export function received(db: Db, newestRows: number): Received[] {
  const ids = new Map<string, string[]>()
  for (const { event } of events(db, { limit: newestRows }).reverse())
    for (const [device, id] of messagesOf(event)) append(ids, device, id)
  return all(db, sql.selectFrom('inbox').select(['device', 'seq'])).map(r => ({ ...r, ids: ids.get(r.device) ?? [] }))
}

/** Rows among which a drained one is looked for: far more than a hub writes between spooling and draining. */
const RECENT_ROWS = 20_000

/**
 * What tells the row of one answer to one message from all others; new hardware may use a message id again. A row that
 * names no message (an alarm beside the answer) is itself and no other.
 */
export function answerKey(row: { readonly at: number; readonly kind: string; readonly body: string }): string {
  const { device, message, request } = JSON.parse(row.body) as { device?: string; message?: string; request?: string }
  const named = message ?? request
  return `${row.at} ${row.kind} ${named === undefined ? row.body : `${device} ${named}`}`
}

/** The keys of recent rows of the kinds that wait in the spool. */
export function recentAnswers(db: Db, kinds: ReadonlySet<string>): ReadonlySet<string> {
  if (kinds.size === 0) return new Set()
  const query = sql
    .selectFrom('journal as j')
    .innerJoin('journal_payload as p', 'p.seq', 'j.seq')
    .select(['j.at', 'j.kind', 'p.body'])
    .where('j.kind', 'in', [...kinds])
    .where('j.seq', '>', lastSeq(db) - RECENT_ROWS)
  return new Set(all(db, query).map(answerKey))
}

function append(map: Map<string, string[]>, device: string, id: string): void {
  const list = map.get(device)
  if (list) list.push(id)
  else map.set(device, [id])
}

function messagesOf(event: VigieEvent): [string, string][] {
  if (event.kind === 'readings') return event.messages.map(m => [m.device, m.message])
  // They name a message whose own row is another one.
  if (event.kind === 'device.gap' || event.kind === 'device.replayed') return []
  return 'message' in event ? [[event.device, event.message]] : []
}

const newest = lookUp(sql.selectFrom('journal').select(sql.fn.max('seq').as('seq')))
export const lastSeq = (db: Db): number => newest(db)?.seq ?? 0

/** Another connection has committed since the last call, if the number differs. Costs a microsecond. */
export const dataVersion = (db: Db): number => Number(db.pragma('data_version', { simple: true }))
