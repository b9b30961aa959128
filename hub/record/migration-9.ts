/** Version 9: incidents, and which zones are armed. */
import type { Compilable } from 'kysely'
import { sql } from './sql.ts'

const s = sql.schema

export const ninth: readonly Compilable[] = [
  s
    .createTable('incident')
    .addColumn('number', 'integer', c => c.primaryKey())
    .addColumn('id', 'text', c => c.notNull().unique())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('severity', 'text', c => c.notNull())
    .addColumn('zone', 'text')
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('last_at', 'integer', c => c.notNull())
    // When the next step of its escalation is due.
    .addColumn('next_step_at', 'integer')
    // The incident, JSON, with the lines of its timeline.
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('revision', 'integer', c => c.notNull()),
  s.createIndex('incident_state').on('incident').columns(['state', 'last_at']),
  // One row for each zone that is armed.
  s
    .createTable('armed_zone')
    .addColumn('zone', 'text', c => c.primaryKey())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('by', 'text', c => c.notNull()),
]
