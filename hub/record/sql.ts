/**
 * Kysely builds the SQL (typed, one dialect away from PostgreSQL); the encrypted driver runs it synchronously, because a
 * transaction must never be interleaved with another task of the same thread.
 */
import type Database from 'better-sqlite3-multiple-ciphers'
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Schema } from './schema.ts'

export type Db = Database.Database

export const sql = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

export const all = <T>(db: Db, query: Compilable<T>): T[] => {
  const { sql: text, parameters } = query.compile()
  return db.prepare(text).all(...parameters) as T[]
}
export const first = <T>(db: Db, query: Compilable<T>): T | undefined => all(db, query)[0]
type Parameter = string | number
interface Looking {
  readonly statement: Database.Statement<unknown[]>
  /** Changes with every commit of another connection; undefined where this one may write too, and notices nothing of it. */
  readonly version: Database.Statement<unknown[]> | undefined
  seen: unknown
  /** When the file was asked last: ms on a clock that is never set, and how many commits of this process were known. */
  at: number
  commits: number
  readonly answers: Map<string, unknown>
}
/** Answers kept of one look-up. */
const MOST_KEPT = 1_000
let commits = 0
/** Another thread of this process has committed: what is looked up from here on is asked of the file again. */
export const committed = (): void => void commits++

/**
 * For what is asked all the time: compiled once, prepared once for each database, and asked of the file only when something
 * was committed since. The same row is the same object, which nobody changes.
 * @param freshMs whether something was is asked again after so long, and at once after committed(); 0: each time
 * @returns the first row; the parameters are those of the query, in its order
 */
export function lookUp<T>(
  query: Compilable<T>,
  freshMs = 0,
): (db: Db, ...parameters: readonly Parameter[]) => T | undefined {
  const { sql: text } = query.compile()
  const known = new WeakMap<Db, Looking>()
  return (db, ...parameters) => {
    const looking = known.get(db) ?? lookingAt(db, text)
    known.set(db, looking)
    return look(looking, parameters, freshMs) as T | undefined
  }
}

const lookingAt = (db: Db, text: string): Looking => ({
  statement: db.prepare(text),
  version: db.pragma('query_only', { simple: true }) === 1 ? db.prepare('pragma data_version').pluck() : undefined,
  seen: undefined,
  at: Number.NEGATIVE_INFINITY,
  commits: -1,
  answers: new Map(),
})

function look(looking: Looking, parameters: readonly Parameter[], freshMs: number): unknown {
  const { statement, version, answers } = looking
  if (!version) return statement.get(...parameters)
  if (!isFresh(looking, freshMs)) renew(looking, version.get())
  const key = parameters.join('\0')
  const known = answers.get(key)
  if (known !== undefined || answers.has(key)) return known
  const answer = statement.get(...parameters)
  if (answers.size < MOST_KEPT) answers.set(key, answer)
  return answer
}

const isFresh = ({ at, commits: known }: Looking, freshMs: number): boolean =>
  freshMs > 0 && known === commits && performance.now() - at < freshMs

function renew(looking: Looking, seen: unknown): void {
  if (seen !== looking.seen || looking.answers.size >= MOST_KEPT) looking.answers.clear()
  looking.seen = seen
  looking.at = performance.now()
  looking.commits = commits
}
/** @returns how many rows changed. */
export const run = (db: Db, query: Compilable<unknown>): number => {
  const { sql: text, parameters } = query.compile()
  return db.prepare(text).run(...parameters).changes
}

/** All or nothing; IMMEDIATE, so that two processes never both read before they write. */
export const transaction = <T>(db: Db, work: () => T): T => db.transaction(work).immediate()
