/** What an account has beside its password, and what follows from it. */
import type { Factor, Stage } from '../api.ts'
import { ALWAYS_TWO_FACTORS } from '../rules/roles.ts'
import type { Account } from './account-ports.ts'

type Held = Pick<Account, 'totpSecret' | 'passkeys' | 'recoveryCodesLeft'>

export const hasFactor = ({ totpSecret, passkeys }: Held): boolean => totpSecret !== undefined || passkeys.length > 0
export const needsFactor = ({ role }: Pick<Account, 'role'>): boolean => ALWAYS_TWO_FACTORS.includes(role)

/** A recovery code stands in for a factor that was lost: alone it is none. */
export function factorsOf(account: Held): Factor[] {
  if (!hasFactor(account)) return []
  return [
    ...(account.totpSecret === undefined ? [] : (['totp'] as const)),
    ...(account.passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(account.recoveryCodesLeft > 0 ? (['recovery'] as const) : []),
  ]
}

/** How far a right password gets. */
export function stageAfterPassword(account: Account): Stage {
  if (hasFactor(account)) return 'factor'
  return needsFactor(account) ? 'enrol' : 'in'
}
