/** Why the hub takes a password for unfit, where that is what it refused. Pure. */
import { problemWords } from '../problem.ts'
import { RestError } from '../rest.ts'
import type { AccountWords } from './account.types.ts'
import type { Words } from './types.ts'

const FIELDS: ReadonlySet<string | undefined> = new Set(['password', 'next'])

export function refusedPassword(error: unknown, words: AccountWords, w: Words): string | undefined {
  if (!(error instanceof RestError)) return undefined
  if (error.code === 'password-breached') return words.password.breached
  return error.code === 'password-weak' || FIELDS.has(error.field) ? problemWords(error, w) : undefined
}
