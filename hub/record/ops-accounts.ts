/** What operators do with their own accounts and sessions. Each change of what proves them is one commit with its row. */
import { VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import * as accounts from './accounts.ts'
import * as factors from './accounts-factors.ts'
import * as sessions from './accounts-sessions.ts'
import { append, type OpContext } from './op-context.ts'
import { bump } from './site.ts'

const FACTOR = { added: 'operator.factor-added', removed: 'operator.factor-removed' } as const

function factorRow(
  c: OpContext,
  at: number,
  operator: string,
  what: 'added' | 'removed',
  factor: OperatorEvent['factor'],
) {
  append(c, at, { kind: FACTOR[what], operator, ...(factor && { factor }) })
}

export const ACCOUNT_OPS = {
  createFirstOperator: (c: OpContext, a: { operator: accounts.OperatorRow; setupTokenHash: string }) => {
    const created = accounts.createFirstOperator(c.db, a.operator, a.setupTokenHash)
    if (!created) return created
    append(c, a.operator.createdAt, { kind: 'operator.created', operator: a.operator.id })
    bump(c.db, a.operator.createdAt) // a running hub takes the name over
    return created
  },
  keepSetupToken: (c: OpContext, a: { hash: string }) => accounts.keepSetupToken(c.db, a.hash),

  /** The link's password is the account's first, or its new one. */
  acceptInvitation: (c: OpContext, a: { tokenHash: string; passwordHash: string; at: number }) => {
    const operator = factors.acceptInvitation(c.db, a)
    if (operator === undefined) return false
    sessions.endSessionsOf(c.db, operator)
    append(c, a.at, { kind: 'operator.password-changed', operator })
    return true
  },
  setPassword: (c: OpContext, a: { operator: string; passwordHash: string; at: number }) => {
    factors.setPassword(c.db, a.operator, a.passwordHash, a.at)
    append(c, a.at, { kind: 'operator.password-changed', operator: a.operator })
  },
  setTotp: (c: OpContext, a: { operator: string; totp?: { secret: string; step: number }; at: number }) => {
    factors.setTotp(c.db, a.operator, a.totp)
    factorRow(c, a.at, a.operator, a.totp ? 'added' : 'removed', 'totp')
  },
  useTotpStep: (c: OpContext, a: { operator: string; step: number }) => factors.useTotpStep(c.db, a.operator, a.step),
  /** @throws VigieError passkey-refused if some account has it already */
  addPasskey: (c: OpContext, a: { passkey: factors.PasskeyRow; at: number }) => {
    if (!factors.addPasskey(c.db, a.passkey)) throw new VigieError('passkey-refused')
    factorRow(c, a.at, a.passkey.operator, 'added', 'passkey')
  },
  removePasskey: (c: OpContext, a: { operator: string; id: string; at: number }) => {
    const removed = factors.removePasskey(c.db, a.operator, a.id)
    if (removed) factorRow(c, a.at, a.operator, 'removed', 'passkey')
    return removed
  },
  passkeyUsed: (c: OpContext, a: { id: string; counter: number; at: number }) =>
    factors.passkeyUsed(c.db, a.id, a.counter, a.at),
  setRecoveryCodes: (c: OpContext, a: { operator: string; hashes: readonly string[]; at: number }) => {
    factors.setRecoveryCodes(c.db, a.operator, a.hashes)
    factorRow(c, a.at, a.operator, a.hashes.length > 0 ? 'added' : 'removed', 'recovery')
  },
  useRecoveryCode: (c: OpContext, a: { operator: string; hash: string }) =>
    factors.useRecoveryCode(c.db, a.operator, a.hash),
  signedIn: (c: OpContext, a: { operator: string; at: number }) => factors.signedIn(c.db, a.operator, a.at),

  createSession: (c: OpContext, a: sessions.SessionRow) => sessions.createSession(c.db, a),
  touchSession: (c: OpContext, a: { hash: string; seenAt: number }) => sessions.touchSession(c.db, a.hash, a.seenAt),
  endSession: (c: OpContext, a: { hash: string }) => sessions.endSession(c.db, a.hash),
  endSessionsOf: (c: OpContext, a: { operator: string; but?: string }) =>
    sessions.endSessionsOf(c.db, a.operator, a.but),
} as const
