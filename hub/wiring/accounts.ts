/** The operators' side of the registry, as the HTTP edge asks for it: reads at once, writes through the writer thread. */
import { randomBytes } from 'node:crypto'
import type { OperatorStatus, Role, Stage } from '../api.ts'
import type {
  Account,
  Accounts,
  NewSession,
  Passkey,
  SessionOperator,
  SessionStore,
  StoredSession,
} from '../http/account-ports.ts'
import {
  type AccountRow,
  adminExists,
  browserKey,
  isSetupToken,
  operatorById,
  operatorByLogin,
} from '../record/accounts.ts'
import { hasRecoveryCode, invitedBy, type PasskeyRow, passkeyOwner, passkeysOf } from '../record/accounts-factors.ts'
import {
  activeOperator,
  type SessionWithOperator,
  session,
  sessionsOf as storedOf,
} from '../record/accounts-sessions.ts'
import type { Db } from '../record/sql.ts'
import type { PerformOp } from './enrolment.ts'

/** A pseudonym for a new account. */
export const newOperatorId = (): string => `o-${randomBytes(8).toString('hex')}`

/** Which accounts have ended though the store does not know yet: nobody signs in with them. */
type IsSuspended = (operator: string) => boolean
const NONE: IsSuspended = () => false

export function accountsOf(db: Db, op: PerformOp, isSuspended = NONE): Accounts {
  const whole = (row: AccountRow | undefined): Account | undefined => {
    const account = row && accountOf(row, passkeysOf(db, row.id))
    return account && isSuspended(account.id) ? { ...account, status: 'disabled' } : account
  }
  const byId = (id: string | undefined): Account | undefined =>
    id === undefined ? undefined : whole(operatorById(db, id))
  return {
    adminExists: () => adminExists(db),
    byLogin: login => whole(operatorByLogin(db, login)),
    byId,
    byPasskey: credential => byId(passkeyOwner(db, credential)),
    byInvitation: (tokenHash, at) => byId(invitedBy(db, tokenHash, at)),
    createOperator: async ({ setupTokenHash, ...account }) => {
      const operator = { ...account, id: newOperatorId() }
      return (await op('createFirstOperator', { operator, setupTokenHash })) ? byId(operator.id) : undefined
    },
    keepSetupToken: async hash => op('keepSetupToken', { hash }),
    isSetupToken: hash => isSetupToken(db, hash),
    browserKey: () => browserKey(db),
    acceptInvitation: wish => op('acceptInvitation', wish),
    hasRecoveryCode: (operator, hash) => hasRecoveryCode(db, operator, hash),
    ...factorsOf(op),
  }
}

type FactorWrites = Omit<
  Accounts,
  | 'adminExists'
  | 'byLogin'
  | 'byId'
  | 'byPasskey'
  | 'byInvitation'
  | 'createOperator'
  | 'keepSetupToken'
  | 'isSetupToken'
  | 'browserKey'
  | 'acceptInvitation'
  | 'hasRecoveryCode'
>
const factorsOf = (op: PerformOp): FactorWrites => ({
  setPassword: async (operator, passwordHash, at) => op('setPassword', { operator, passwordHash, at }),
  setTotp: async (operator, totp, at) => op('setTotp', { operator, at, ...(totp && { totp }) }),
  useTotpStep: (operator, step) => op('useTotpStep', { operator, step }),
  addPasskey: async (operator, { publicKey, transports, usedAt, ...rest }, at) =>
    op('addPasskey', {
      passkey: {
        ...rest,
        operator,
        publicKey: Buffer.from(publicKey),
        transports: JSON.stringify(transports),
        usedAt: usedAt ?? null,
      },
      at,
    }),
  removePasskey: (operator, id, at) => op('removePasskey', { operator, id, at }),
  passkeyUsed: async (id, counter, at) => void (await op('passkeyUsed', { id, counter, at })),
  setRecoveryCodes: async (operator, hashes, at) => op('setRecoveryCodes', { operator, hashes, at }),
  useRecoveryCode: (operator, hash) => op('useRecoveryCode', { operator, hash }),
  signedIn: async (operator, at) => void (await op('signedIn', { operator, at })),
})

export function sessionsOf(db: Db, op: PerformOp, isSuspended = NONE): SessionStore {
  return {
    create: async ({ steppedUpAt, station, ...row }: NewSession) =>
      op('createSession', { ...row, steppedUpAt: steppedUpAt ?? null, station: station ?? null }),
    find: hash => {
      const row = session(db, hash)
      return row && !isSuspended(row.operator) ? sessionOf(row) : undefined
    },
    listOf: operator => storedOf(db, operator).map(sessionOf),
    operator: id => {
      const known = isSuspended(id) ? undefined : activeOperator(db, id)
      return known && operatorOf(known)
    },
    touch: async (hash, seenAt) => void (await op('touchSession', { hash, seenAt })),
    end: async hash => void (await op('endSession', { hash })),
    endAllOf: async (operator, but = '') => void (await op('endSessionsOf', { operator, but })),
  }
}

const operatorOf = (
  row: Omit<SessionOperator, 'role' | 'zones'> & { role: string; zones: string | null },
): SessionOperator => ({
  id: row.id,
  login: row.login,
  name: row.name,
  role: row.role as Role,
  ...(row.zones !== null && { zones: JSON.parse(row.zones) as string[] }),
})

function sessionOf({ operator, steppedUpAt, ...row }: SessionWithOperator): StoredSession {
  const { hash, createdAt, seenAt, expiresAt, client, address } = row
  return {
    ...{ hash, createdAt, seenAt, expiresAt, client, address },
    operator: operatorOf({ ...row, id: operator }),
    stage: row.stage as Stage,
    ...(steppedUpAt !== null && { steppedUpAt }),
    ...(row.station != null && { station: row.station }),
  }
}

const accountOf = (row: AccountRow, passkeys: readonly PasskeyRow[]): Account => ({
  ...operatorOf(row),
  status: row.status as OperatorStatus,
  passwordHash: row.passwordHash,
  passkeys: passkeys.map(passkeyOf),
  recoveryCodesLeft: row.recoveryCodesLeft,
  revision: row.revision,
  ...(row.passwordAt !== null && { passwordAt: row.passwordAt }),
  ...(row.totpSecret !== null && { totpSecret: row.totpSecret }),
  ...(row.totpStep !== null && { totpStep: row.totpStep }),
  ...(row.email !== null && { email: row.email }),
  ...(row.person !== null && { person: row.person }),
  ...(row.external !== null && { external: row.external }),
})

const passkeyOf = ({ id, publicKey, counter, transports, name, createdAt, usedAt }: PasskeyRow): Passkey => ({
  ...{ id, publicKey, counter, name, createdAt },
  transports: JSON.parse(transports) as string[],
  ...(usedAt !== null && { usedAt }),
})
