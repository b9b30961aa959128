/** Rows of a span by kind, for reports: in slices, others have their turn in between. */
import { setImmediate } from 'node:timers/promises'
import type { EventKind, Recorded, VigieEvent } from '../events.ts'
import { SET_BACK_MS, seqNear } from './access-rows.ts'
import type { Db } from './sql.ts'

/** Rows of the journal that are looked at in one go. */
const SLICE = 5_000
/** How late a row may be written, ms: by the spool. */
const LATE_MS = 86_400_000

/** In the order of writing. Rows whose payload is gone are left out. @param from ms, inclusive @param until exclusive */
export async function* rowsBetween(
  db: Db,
  { from, until, kinds }: { readonly from: number; readonly until: number; readonly kinds: readonly EventKind[] },
): AsyncGenerator<Recorded> {
  const marks = kinds.map(() => '?').join(', ')
  const query = db.prepare<unknown[], { seq: number; at: number; body: string }>(
    `select j.seq, j.at, p.body from journal j join journal_payload p on p.seq = j.seq
     where j.seq >= ? and j.seq < ? and j.at >= ? and j.at < ? and j.kind in (${marks}) order by j.seq`,
  )
  const end = seqNear(db, until + LATE_MS)
  for (let seq = seqNear(db, from - SET_BACK_MS); seq < end; seq += SLICE) {
    await setImmediate()
    for (const row of query.all(seq, Math.min(end, seq + SLICE), from, until, ...kinds))
      yield { seq: row.seq, at: row.at, event: JSON.parse(row.body) as VigieEvent }
  }
}
