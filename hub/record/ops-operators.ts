/** The operations on other people's accounts. Each is one commit with the rows that tell of it. */
import { VigieError } from '../errors.ts'
import type { AccountState } from '../events.ts'
import { endSessionsOf } from './accounts-sessions.ts'
import { append, type OpContext } from './op-context.ts'
import {
  type AccountFields,
  addInvited,
  beginAnew,
  endLinksAndTokens,
  endTokens,
  type Invitee,
  type NewLink,
  otherAdministrator,
  overtaken,
  putAccount,
} from './operators-admin.ts'
import { endApprovalsOf } from './ops-approvals.ts'
import { bump } from './site.ts'

type Told = {
  readonly at: number
  readonly by: string
  readonly before: AccountState
  readonly after: AccountState
  readonly statedReason: string
}

export const OPERATOR_OPS = {
  /** @returns the registry revision it made: a running hub takes the name over @throws VigieError operator-exists */
  inviteOperator: (
    c: OpContext,
    a: { at: number; operator: Invitee; link: NewLink; by: string; after: AccountState },
  ): number => {
    const { at, operator, link, by, after } = a
    if (!addInvited(c.db, operator, link, at)) throw new VigieError('operator-exists', { login: operator.login })
    append(c, at, { kind: 'operator.invited', operator: operator.id, by, after })
    return bump(c.db, at)
  },

  /** Password, factors and sessions are gone; a new link is there. @throws VigieError edit-conflict */
  resetOperator: (c: OpContext, a: Told & { id: string; expected: number; link: NewLink }): number => {
    const { at, id, expected, link, ...told } = a
    if (!beginAnew(c.db, id, expected, link)) throw overtaken(c.db, id)
    append(c, at, { kind: 'operator.reset', operator: id, ...told })
    endApprovalsOf(c, id, at, told.by)
    // Whoever had the password may have made them.
    for (const token of endTokens(c.db, id, at)) append(c, at, { kind: 'token.revoked', token, by: told.by })
    return bump(c.db, at)
  },

  /** @throws VigieError edit-conflict, operator-last */
  changeOperator: (
    c: OpContext,
    a: Told & {
      id: string
      login: string
      expected: number
      account: AccountFields
      endsSessions: boolean
      needsOther: boolean
    },
  ): number => {
    const { at, id, login, expected, account, endsSessions, needsOther, ...told } = a
    if (needsOther && !otherAdministrator(c.db, id)) throw new VigieError('operator-last', { login })
    if (!putAccount(c.db, id, expected, account)) throw overtaken(c.db, id)
    append(c, at, { kind: 'operator.changed', operator: id, ...told })
    if (endsSessions) endSessionsOf(c.db, id)
    if (endsSessions) endApprovalsOf(c, id, at, told.by)
    if (account.status === 'disabled')
      for (const token of endLinksAndTokens(c.db, id, at)) append(c, at, { kind: 'token.revoked', token, by: told.by })
    return bump(c.db, at)
  },
} as const
