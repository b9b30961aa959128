/** Version 12: what is being worked on, and alerts nobody until then. */
import type { Compilable } from 'kysely'
import { sql } from './sql.ts'

export const twelfth: readonly Compilable[] = [
  sql.schema
    .createTable('maintenance')
    .addColumn('id', 'text', c => c.primaryKey())
    // One of the two.
    .addColumn('zone', 'text')
    .addColumn('device', 'text')
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('until_at', 'integer', c => c.notNull())
    .addColumn('by', 'text', c => c.notNull()),
]
