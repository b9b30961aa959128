/** What every operation is handed, and how it tells of itself in the journal. */
import type { ByToken, Recorded, VigieEvent } from '../events.ts'
import type { Appender } from './chain.ts'
import type { Db } from './sql.ts'

/** The API token that acts in an operator's name; both as the journal names them. */
export interface ActingFor {
  readonly token: string
  readonly operator: string
}
export interface OpContext {
  readonly db: Db
  readonly appender: Appender
  readonly actingFor?: ActingFor
}

/** @returns the row's seq */
export const append = (c: OpContext, at: number, event: VigieEvent): number =>
  c.appender.append([{ at, kind: event.kind, body: JSON.stringify(named(event, c.actingFor)), inbox: [] }])

/** @returns the row, for whoever tells live pages of it */
export function appended(c: OpContext, at: number, event: VigieEvent): Recorded {
  return { seq: append(c, at, event), at, event: named(event, c.actingFor) }
}

/** Rows that name the operator as who did it name the token too. */
const named = (event: VigieEvent, acting: ActingFor | undefined): VigieEvent =>
  acting && 'by' in event && event.by === acting.operator && !('token' in event)
    ? ({ ...event, token: acting.token } as VigieEvent & ByToken)
    : event

/** The rows of a change; rights.changed names the revision that came of it. */
export function tell(c: OpContext, at: number, events: readonly VigieEvent[], revision: number): void {
  for (const event of events) append(c, at, event.kind === 'rights.changed' ? { ...event, revision } : event)
}
