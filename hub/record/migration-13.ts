/** Version 13: browsers that people want to be told in. */
import type { Compilable } from 'kysely'
import { sql } from './sql.ts'

export const thirteenth: readonly Compilable[] = [
  sql.schema
    .createTable('push_browser')
    .addColumn('id', 'text', c => c.primaryKey())
    // By pseudonym.
    .addColumn('operator', 'text', c => c.notNull())
    .addColumn('endpoint', 'text', c => c.notNull().unique())
    .addColumn('p256dh', 'text', c => c.notNull())
    .addColumn('auth', 'text', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull()),
  sql.schema.createIndex('push_browser_operator').on('push_browser').column('operator'),
]
