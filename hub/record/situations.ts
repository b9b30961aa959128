/**
 * Rows of what is going on (hub/access/situations.ts), each written in the commit of the journal row that tells of it.
 *
 * Two write them. The hub itself, as badges come: it has them in memory, so these rows carry no revision. And operators'
 * acts, from any process: these carry the registry revision they made, and a running hub takes over exactly those. A row
 * that goes leaves its key behind without a value for a day, so that what is older and comes later does not bring it back.
 *
 * Which write wins:
 *   the hub over itself     the later one
 *   an act over the hub     always: until the hub has taken the act over, nothing it decided without it replaces the row
 *   a row of the spool      only over what is as old as itself or older, in hub time: it was decided before it waited
 */
import type { SituationChange, SituationKind, SituationRows } from '../ports.ts'
import { all, type Db, first, sql } from './sql.ts'

/** As they go to the writer. `seen`: the revision whose acts the hub knew when it decided this. */
export interface Situated {
  readonly seen: number
  readonly rows: readonly SituationRow[]
}
export interface SituationRow {
  readonly kind: SituationKind
  readonly key: string
  /** JSON; null means it goes. */
  readonly body: string | null
}
/** What an act takes for granted. */
export interface Expectation {
  readonly kind: SituationKind
  readonly key: string
  readonly present: boolean
}

/** For a hub that says nothing of acts: its own writes always win. */
export const ALL_SEEN = Number.MAX_SAFE_INTEGER
/** How long a key without a value is kept, milliseconds: far longer than anything waits in the spool of a running hub. */
const KEPT_MS = 86_400_000

export const situationRow = ({ kind, key, value }: SituationChange): SituationRow => ({
  kind,
  key,
  body: value === undefined ? null : JSON.stringify(value),
})

const PUT = `insert into situation (kind, "key", body, at, revision) values (@kind, @key, @body, @at, null)
  on conflict (kind, "key") do update set body = excluded.body, at = excluded.at, revision = null
  where (situation.revision is null or situation.revision <= @seen)`
const ACT = `insert into situation (kind, "key", body, at, revision) values (@kind, @key, @body, @at, @revision)
  on conflict (kind, "key") do update set body = excluded.body, at = excluded.at, revision = excluded.revision`

/** Prepared once per connection: badges wait for this. Writes within the caller's transaction. */
export class SituationWriter {
  readonly #put
  readonly #putDrained
  readonly #act

  constructor(db: Db) {
    this.#put = db.prepare(PUT)
    this.#putDrained = db.prepare(`${PUT} and situation.at <= excluded.at`)
    this.#act = db.prepare(ACT)
  }

  /** @param at hub time of the journal row, milliseconds since 1970 */
  write({ rows, seen }: Situated, at: number): void {
    for (const row of rows) this.#put.run({ ...row, at, seen })
  }

  /** Of a journal row that has waited in the spool since `at`. */
  writeDrained({ rows, seen }: Situated, at: number): void {
    for (const row of rows) this.#putDrained.run({ ...row, at, seen })
  }

  /** Of an operator's act. */
  act(changes: readonly SituationChange[], at: number, revision: number): void {
    for (const change of changes) this.#act.run({ ...situationRow(change), at, revision })
  }
}

const asChange = (row: { kind: string; key: string; body: string | null }): SituationChange =>
  ({
    kind: row.kind,
    key: row.key,
    ...(row.body === null ? {} : { value: JSON.parse(row.body) as unknown }),
  }) as SituationChange

const columns = ['kind', 'key', 'body'] as const

/** Everything that is going on, by kind and key. */
export const situations = (db: Db): SituationChange[] =>
  all(db, sql.selectFrom('situation').select(columns).where('body', 'is not', null).orderBy('kind').orderBy('key')).map(
    asChange,
  )

/** One of them, or undefined if it is not going on. */
export function situation<K extends SituationKind>(db: Db, kind: K, key: string): SituationRows[K] | undefined {
  const row = first(db, sql.selectFrom('situation').select('body').where('kind', '=', kind).where('key', '=', key))
  return row?.body == null ? undefined : (JSON.parse(row.body) as SituationRows[K])
}

/** When that row was last written, or taken away; undefined if it never was, or was forgotten since. */
export const writtenAt = (db: Db, kind: SituationKind, key: string): number | undefined =>
  first(db, sql.selectFrom('situation').select('at').where('kind', '=', kind).where('key', '=', key))?.at

/** What operators' acts have changed after that revision: without a value where it was taken away. */
export const actsSince = (db: Db, since: number): SituationChange[] =>
  all(
    db,
    sql.selectFrom('situation').select(columns).where('revision', '>', since).orderBy('revision').orderBy('kind'),
  ).map(asChange)

/** @param revision up to which the hub has taken acts over */
export const forgetEnded = (db: Db, at: number, revision: number): number =>
  db
    .prepare('delete from situation where body is null and at < ? and (revision is null or revision <= ?)')
    .run(at - KEPT_MS, revision).changes
