/** When badges were last presented, by the search index: one step from its end for each. */
import { setImmediate } from 'node:timers/promises'
import type { Db } from './sql.ts'

/** Rows that a badge at a reader makes. Others about it are no use of it. */
const USES = ['access.granted', 'access.denied', 'access.awaiting', 'access.lapsed']
/** Between two turns of others. */
const AT_ONCE = 200

/** @param credentials pseudonyms @returns time of the newest use of each that was ever used, ms since 1970 */
export async function lastUses(db: Db, credentials: readonly string[]): Promise<[credential: string, at: number][]> {
  const kinds = db
    .prepare<unknown[], { id: number }>(
      `select id from term where field = 'kind' and value in (${USES.map(() => '?').join()})`,
    )
    .all(...USES)
  const newest = db.prepare<unknown[], { at: number }>(
    `select p.at from term t join posting p on p.term = t.id
     where t.field = 'badge' and t.value = ?
       and exists (select 1 from posting k where k.seq = p.seq and k.term in (${kinds.map(() => '?').join()}))
     order by p.seq desc limit 1`,
  )
  const ids = kinds.map(({ id }) => id)
  const found: [string, number][] = []
  for (const [i, credential] of credentials.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await setImmediate()
    const row = newest.get(credential, ...ids)
    if (row) found.push([credential, row.at])
  }
  return found
}
