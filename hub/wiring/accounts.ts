/** The operators' side of the registry, as the HTTP edge asks for it: reads at once, writes through the writer thread. */
import { randomBytes } from 'node:crypto'
import type { OperatorRole } from '../api.ts'
import type { Account, Accounts, SessionStore } from '../http/ports.ts'
import { adminExists, isSetupToken, operatorByLogin, operators, session } from '../record/accounts.ts'
import type { Db } from '../record/sql.ts'
import type { PerformOp } from './enrolment.ts'

export function accountsOf(db: Db, op: PerformOp): Accounts {
  return {
    adminExists: () => adminExists(db),
    byLogin: login => operatorByLogin(db, login) as Account | undefined,
    createOperator: async ({ setupTokenHash, ...account }) => {
      const operator = { ...account, id: `o-${randomBytes(8).toString('hex')}` }
      return (await op('createFirstOperator', { operator, setupTokenHash })) ? operator : undefined
    },
    keepSetupToken: async hash => op('keepSetupToken', { hash }),
    isSetupToken: hash => isSetupToken(db, hash),
  }
}

export function sessionsOf(db: Db, op: PerformOp): SessionStore {
  return {
    create: async row => op('createSession', row),
    find: hash => {
      const row = session(db, hash)
      if (!row) return undefined
      const operator = { id: row.operator, login: row.login, name: row.name, role: row.role as OperatorRole }
      return { hash, operator, createdAt: row.createdAt, seenAt: row.seenAt }
    },
    operator: id => {
      const known = operators(db).find(o => o.id === id)
      return known && { id, login: known.login, name: known.name, role: known.role as OperatorRole }
    },
    touch: async (hash, seenAt) => void (await op('touchSession', { hash, seenAt })),
    end: async hash => void (await op('endSession', { hash })),
    endAllOf: async operator => void (await op('endSessionsOf', { operator })),
  }
}
