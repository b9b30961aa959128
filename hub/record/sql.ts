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
/** @returns how many rows changed. */
export const run = (db: Db, query: Compilable<unknown>): number => {
  const { sql: text, parameters } = query.compile()
  return db.prepare(text).run(...parameters).changes
}

/** All or nothing; IMMEDIATE, so that two processes never both read before they write. */
export const transaction = <T>(db: Db, work: () => T): T => db.transaction(work).immediate()
