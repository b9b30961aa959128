/** Version 10: how people want to be told of alerts, and what is being told to whom. */
import type { Compilable } from 'kysely'
import { sql } from './sql.ts'

const s = sql.schema

export const tenth: readonly Compilable[] = [
  s
    .createTable('contact')
    // Operator, by pseudonym.
    .addColumn('operator', 'text', c => c.primaryKey())
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('revision', 'integer', c => c.notNull()),
  // Messages on their way. No text is in here: it is made when a message goes out, from the incident as it then stands.
  s
    .createTable('message')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('incident', 'text')
    .addColumn('operator', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('due_at', 'integer', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull()),
  s.createIndex('message_due').on('message').columns(['state', 'due_at']),
  s.createIndex('message_incident').on('message').columns(['incident', 'at']),
]
