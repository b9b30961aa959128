/** Legal holds: what must not be erased for now, whatever its term. */
import { VigieError } from '../errors.ts'
import { append, type OpContext } from './op-context.ts'
import { all, type Db, run, sql } from './sql.ts'

/** As stored: people by pseudonym. All that is named must fit; ms since 1970. */
export interface HoldBody {
  readonly person?: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly class?: string
  readonly kinds?: readonly string[]
  readonly from?: number
  readonly until?: number
  readonly statedReason: string
  readonly by: string
}
export interface StoredHold extends HoldBody {
  readonly id: string
  readonly placedAt: number
}

/** Oldest first. */
export const holdsInForce = (db: Db): StoredHold[] =>
  all(
    db,
    sql
      .selectFrom('hold')
      .select(['id', 'body', 'placed_at'])
      .where('released_at', 'is', null)
      .orderBy('placed_at')
      .orderBy('id'),
  ).map(({ id, body, placed_at }) => ({ ...(JSON.parse(body) as HoldBody), id, placedAt: placed_at }))

export const HOLD_OPS = {
  placeHold: (c: OpContext, a: { at: number; id: string; hold: HoldBody }): void => {
    const row = { id: a.id, body: JSON.stringify(a.hold), placed_at: a.at, released_at: null }
    run(c.db, sql.insertInto('hold').values(row))
    const { by, person, statedReason } = a.hold
    append(c, a.at, { kind: 'hold.placed', by, id: a.id, statedReason, ...(person !== undefined && { person }) })
  },

  /** What the hold said goes with it: the rows of the journal tell that there was one. @throws VigieError hold-unknown */
  releaseHold: (c: OpContext, a: { at: number; id: string; by: string }): void => {
    const open = sql.updateTable('hold').set({ released_at: a.at, body: '{}' })
    const released = run(c.db, open.where('id', '=', a.id).where('released_at', 'is', null))
    if (released === 0) throw new VigieError('hold-unknown', { hold: a.id })
    append(c, a.at, { kind: 'hold.released', by: a.by, id: a.id })
  },
} as const
