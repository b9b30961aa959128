/** Accounts that the directory's groups make and change, at a sign-in by the identity provider. One commit each with its row. */
import { VigieError } from '../errors.ts'
import type { AccountState } from '../events.ts'
import { endSessionsOf } from './accounts-sessions.ts'
import { append, type OpContext } from './op-context.ts'
import {
  addProvided,
  endTokens,
  type FollowedFields,
  otherAdministrator,
  overtaken,
  putFollowed,
} from './operators-admin.ts'
import { endApprovalsOf } from './ops-approvals.ts'
import { bump } from './site.ts'

export const PROVIDER_OPS = {
  /** An account without a password, active at once. @throws VigieError operator-exists if its login or its subject has one */
  provisionOperator: (
    c: OpContext,
    a: {
      at: number
      operator: {
        id: string
        login: string
        name: string
        role: string
        zones?: readonly string[]
        external: string
        subject?: string
      }
      by: string
      after: AccountState
    },
  ): number => {
    const { at, operator, by, after } = a
    if (!addProvided(c.db, operator, at)) throw new VigieError('operator-exists', { login: operator.login })
    append(c, at, { kind: 'operator.provisioned', operator: operator.id, by, after })
    return bump(c.db, at)
  },

  /** Name, role and zones as the directory has them. @throws VigieError edit-conflict, operator-last */
  followDirectory: (
    c: OpContext,
    a: FollowedFields & {
      at: number
      id: string
      login: string
      expected: number
      endsSessions: boolean
      needsOther: boolean
      by: string
      before: AccountState
      after: AccountState
    },
  ): number => {
    const { at, id, login, expected, endsSessions, needsOther, by, before, after, ...fields } = a
    if (needsOther && !otherAdministrator(c.db, id)) throw new VigieError('operator-last', { login })
    if (!putFollowed(c.db, id, expected, fields)) throw overtaken(c.db, id)
    append(c, at, { kind: 'operator.changed', operator: id, by, before, after })
    if (endsSessions) {
      endSessionsOf(c.db, id)
      endApprovalsOf(c, id, at, by)
    }
    return bump(c.db, at)
  },

  /** Refused, being in no group any more: what they came in by, asked for, or gave a program is over, with rows. */
  turnAway: (c: OpContext, { at, id, by }: { at: number; id: string; by: string }): void => {
    append(c, at, { kind: 'operator.refused', reason: 'no-group', operator: id, factor: 'provider' })
    endSessionsOf(c.db, id)
    endApprovalsOf(c, id, at, by)
    for (const token of endTokens(c.db, id, at)) append(c, at, { kind: 'token.revoked', token, by })
  },
} as const
