/** Who may open a live socket: the same checks as for a request (OWASP ASVS 5, 4.4.2), before the upgrade is answered. */
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { ErrorCode } from '../errors.ts'
import type { EventKind } from '../events.ts'
import { sessionIdIn } from './cookie.ts'
import { strangeness } from './origin.ts'
import { hiddenFrom, may } from './permissions.ts'
import type { Refused } from './refused.ts'
import type { Ending, Sessions } from './sessions.ts'

export type Admission =
  | {
      readonly ok: true
      readonly session: string
      /** The operator's pseudonym in the journal. */
      readonly operator: string
      /** Kinds of events that this role may not see. */
      readonly hidden: readonly EventKind[]
      /** The zones that the role counts in, without those below them; absent: everywhere. */
      readonly zones?: readonly string[]
      /** @returns the function that ends the watch */
      onEnded(tell: (why: Ending) => void): () => void
    }
  | { readonly ok: false; readonly code: ErrorCode }

export type SocketGate = (request: IncomingMessage) => Promise<Admission>

export function socketGate(sessions: Sessions, refused: Refused): SocketGate {
  return async request => {
    const scheme = (request.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http'
    const strange = strangeness(scheme, request.headers, true)
    if (strange) return { ok: false, code: strange }
    const signedIn = await sessions.peek(sessionIdIn(request.headers.cookie))
    if (!signedIn) return { ok: false, code: 'not-signed-in' }
    const { session, id: operator, stage = 'in' } = signedIn
    if (stage !== 'in') return { ok: false, code: stage === 'factor' ? 'factor-owed' : 'enrolment-owed' }
    if (!may(signedIn, 'events.read')) {
      refused.note(signedIn, 'events.read')
      return { ok: false, code: 'not-allowed' }
    }
    const { zones } = signedIn.operator
    return {
      ok: true,
      session,
      operator,
      hidden: hiddenFrom(signedIn),
      ...(zones && { zones }),
      onEnded: tell => sessions.watch(session, tell),
    }
  }
}
