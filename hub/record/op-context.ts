/** What every operation is handed, and how it tells of itself in the journal. */
import type { VigieEvent } from '../events.ts'
import type { Appender } from './chain.ts'
import type { Db } from './sql.ts'

export interface OpContext {
  readonly db: Db
  readonly appender: Appender
}

/** @returns the row's seq */
export const append = (c: OpContext, at: number, event: VigieEvent): number =>
  c.appender.append([{ at, kind: event.kind, body: JSON.stringify(event), inbox: [] }])

/** The rows of a change; rights.changed names the revision that came of it. */
export function tell(c: OpContext, at: number, events: readonly VigieEvent[], revision: number): void {
  for (const event of events) append(c, at, event.kind === 'rights.changed' ? { ...event, revision } : event)
}
