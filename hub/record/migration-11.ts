/** Version 11: gateways of bought devices are vouched for by a password, in the place of a certificate. */
import type { Compilable } from 'kysely'
import { sql } from './sql.ts'

export const eleventh: readonly Compilable[] = [
  sql.schema.alterTable('certificate').addColumn('kind', 'text', c => c.notNull().defaultTo('certificate')),
]
