/** What a scenario that is tried reads: the registry as it is, and the journal of those days. */
import { compile } from '../access/compile.ts'
import type { Recorded } from '../events.ts'
import type { QuestionPorts } from '../flows/question-ports.ts'
import type { TryPorts } from '../flows/scenario-tried.ts'
import { SET_BACK_MS, seqNear } from '../record/access-rows.ts'
import { turn } from '../record/paging.ts'
import { events } from '../record/reading.ts'
import type { Db } from '../record/sql.ts'
import { siteNow } from './site-now.ts'

const SLICE = 1_000

export function tryPorts(db: Db, ports: QuestionPorts): TryPorts {
  const { now, knows, grantsSince, journalSince } = ports
  return {
    ...{ now, knows, grantsSince, journalSince },
    site: () => ports.held().site,
    armedAt: at => armedAt(db, at),
    rowsSince: from => rowsSince(db, seqNear(db, from - SET_BACK_MS)),
    siteNow: (site, grants, armed) => {
      const { pseudonyms, revision } = ports.held()
      const snapshot = compile(site, revision, pseudonyms, grants, now())
      return siteNow(() => ({ site, grants, snapshot }), armed)
    },
  }
}

/** By the rows that tell of it: operators arm a few zones a day. */
function armedAt(db: Db, at: number): ReadonlySet<string> {
  const armed = new Set<string>()
  const kinds = ['zone.armed', 'zone.disarmed'] as const
  for (const { event } of events(db, { before: seqNear(db, at), kinds, limit: 100_000 }).reverse())
    if (event.kind === 'zone.armed') armed.add(event.zone)
    else if (event.kind === 'zone.disarmed') armed.delete(event.zone)
  return armed
}

async function* rowsSince(db: Db, first: number): AsyncIterable<readonly Recorded[]> {
  for (let after = first - 1; ; ) {
    await turn()
    const rows = events(db, { after, limit: SLICE })
    const last = rows.at(-1)
    if (!last) return
    yield rows
    after = last.seq
  }
}
