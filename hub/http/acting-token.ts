/**
 * Which API token acts, for as long as its request is worked on: rows that name its operator as who did it name the token
 * beside them. `by` stays the operator, because that is who answers for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

export interface ActingToken {
  /** Names it; opens nothing. */
  readonly token: string
  /** Pseudonym of the operator who made it. */
  readonly operator: string
}

const acting = new AsyncLocalStorage<ActingToken>()

/** All that `work` begins acts with this token. */
export const actingWith = <T>(who: ActingToken, work: () => T): T => acting.run(who, work)
export const actingToken = (): ActingToken | undefined => acting.getStore()

/** The event, with the token where it is done in its operator's name. The same object where no token acts. */
export function withToken<E extends object>(event: E, who = acting.getStore()): E {
  return who && 'by' in event && event.by === who.operator && !('token' in event)
    ? { ...event, token: who.token }
    : event
}

export const entryWithToken = <E extends { readonly event: object }>(entry: E): E => ({
  ...entry,
  event: withToken(entry.event),
})
