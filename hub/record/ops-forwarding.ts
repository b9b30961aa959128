/** How far copies have come, and what this hub has seen of other journals. Part of ops.ts. */

import { failingKey } from './forwarded.ts'
import { append, type OpContext } from './op-context.ts'
import { bump, setMeta } from './site.ts'
import { run, sql } from './sql.ts'
import { seenOf } from './witnessed.ts'

type At = { readonly at: number }

export const FORWARDING_OPS = {
  keepServed: (c: OpContext, a: At & { destination: string; seq: number }) =>
    run(
      c.db,
      sql
        .insertInto('forwarded')
        .values(a)
        .onConflict(conflict => conflict.column('destination').doUpdateSet({ seq: a.seq, at: a.at })),
    ),

  markDestination: (c: OpContext, a: { destination: string; failing: boolean }) =>
    setMeta(c.db, failingKey(a.destination), a.failing ? 'yes' : 'no'),

  keepCosignature: (c: OpContext, a: At & { destination: string; size: number; line: string }) =>
    run(
      c.db,
      sql
        .insertInto('cosignature')
        .values(a)
        .onConflict(conflict => conflict.column('destination').doUpdateSet({ size: a.size, line: a.line, at: a.at })),
    ),

  /** Whose checkpoints count here is a right like others. @returns false, with nothing written, where the key is known already */
  trustWitness: (c: OpContext, a: At & { vkey: string; origin: string; by: string }) => {
    const { vkey, origin, at } = a
    const insert = sql.insertInto('witness_key').values({ vkey, origin, added_at: at })
    if (
      run(
        c.db,
        insert.onConflict(conflict => conflict.doNothing()),
      ) === 0
    )
      return false
    tellOfKey(c, a, { added: 1, removed: 0 })
    return true
  },

  /** What was seen of the journal stays: it can't be rolled back by being forgotten and trusted again. @returns keys that went */
  forgetWitness: (c: OpContext, a: At & { origin: string; by: string }) => {
    const removed = run(c.db, sql.deleteFrom('witness_key').where('origin', '=', a.origin))
    if (removed > 0) tellOfKey(c, a, { added: 0, removed })
    return removed
  },

  /**
   * Looks and keeps in one step (c2sp.org/tlog-witness): of two checkpoints at once none takes the other's place.
   * @param a.old size that the checkpoint was proven to continue @returns the size seen last, where it is another one
   */
  keepSeen: (c: OpContext, a: At & { origin: string; old: number; size: number; note: string }) => {
    const { origin, old, at, size, note } = a
    const seen = seenOf(c.db, origin)?.size ?? 0
    if (seen !== old) return seen
    const insert = sql.insertInto('witness_log').values({ origin, size, note, at })
    run(
      c.db,
      insert.onConflict(conflict => conflict.column('origin').doUpdateSet({ size, note, at })),
    )
    return undefined
  },
} as const

function tellOfKey(
  c: OpContext,
  { at, by, origin }: At & { by: string; origin: string },
  counts: { added: number; removed: number },
): void {
  const revision = bump(c.db, at)
  append(c, at, {
    kind: 'rights.changed',
    revision,
    changed: 0,
    ...counts,
    origin: by,
    item: { kind: 'witness', id: origin },
  })
}
