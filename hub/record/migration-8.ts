/** Version 8: arrivals and departures, visits. One array for each. */
import type { Compilable } from 'kysely'
import { sql } from './sql.ts'

const s = sql.schema

/** Who arrives and who leaves, each with what is to be done for it, and the templates of jobs. Names go with time (flows/names-forgotten.ts). */
const movements: readonly Compilable[] = [
  s
    .createTable('job')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('revision', 'integer', c => c.notNull()),
  s
    .createTable('movement')
    .addColumn('number', 'integer', c => c.primaryKey())
    .addColumn('id', 'text', c => c.notNull().unique())
    .addColumn('direction', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    // Of the site, by id: of who arrives, before they are in it.
    .addColumn('person', 'text', c => c.notNull())
    .addColumn('zone', 'text')
    .addColumn('at', 'integer', c => c.notNull())
    // The form as it was filed: names are in here. Null once forgotten.
    .addColumn('body', 'text')
    .addColumn('filed_by', 'text', c => c.notNull())
    .addColumn('filed_at', 'integer', c => c.notNull())
    // When all that somebody could come in by was ended.
    .addColumn('carried_out_at', 'integer')
    .addColumn('ended_at', 'integer')
    .addColumn('revision', 'integer', c => c.notNull()),
  s.createIndex('movement_person').on('movement').column('person'),
  s.createIndex('movement_state').on('movement').columns(['state', 'at']),
  s
    .createTable('movement_task')
    .addColumn('movement', 'text', c => c.notNull())
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('position', 'integer', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('label', 'text')
    .addColumn('due_at', 'integer', c => c.notNull())
    .addColumn('done_at', 'integer')
    .addColumn('done_by', 'text')
    .addPrimaryKeyConstraint('movement_task_key', ['movement', 'id']),
]
/** Who visits whom. `person`: of the site, made for the visit. `visitor`: JSON, null once forgotten. */
const visits: readonly Compilable[] = [
  s
    .createTable('visit')
    .addColumn('number', 'integer', c => c.primaryKey())
    .addColumn('id', 'text', c => c.notNull().unique())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('person', 'text', c => c.notNull().unique())
    .addColumn('visitor', 'text')
    .addColumn('host', 'text', c => c.notNull())
    .addColumn('places', 'text', c => c.notNull())
    // Number of the badge, or of the code; null once forgotten.
    .addColumn('badge', 'text')
    .addColumn('shown_as', 'text', c => c.notNull())
    .addColumn('from_at', 'integer', c => c.notNull())
    .addColumn('until_at', 'integer', c => c.notNull())
    .addColumn('announced_by', 'text', c => c.notNull())
    .addColumn('announced_at', 'integer', c => c.notNull())
    .addColumn('ended_at', 'integer')
    .addColumn('ended_by', 'text')
    .addColumn('revision', 'integer', c => c.notNull()),
  s.createIndex('visit_state').on('visit').columns(['state', 'until_at']),
  s.createIndex('visit_host').on('visit').column('host'),
]

export const eighth: readonly Compilable[] = [...movements, ...visits]
