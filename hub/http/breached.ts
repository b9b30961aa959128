/** Passwords that stand on public lists of leaks: what attackers try first (OWASP ASVS 5, 6.2.4). The list ships with Vigie. */
import { dictionary } from '@zxcvbn-ts/language-common'

const folded = (password: string): string => password.normalize('NFKC').toLowerCase()
/** Digits and signs that people put behind a word to satisfy a rule. */
const TAIL = /[\d\p{P}\p{S}\s]+$/u

let list: Set<string> | undefined
const known = (): Set<string> => {
  list ??= new Set((dictionary['passwords-common'] as readonly string[]).map(folded))
  return list
}

/** Also with other letters, and with digits or signs behind. */
export function isBreached(password: string): boolean {
  const plain = folded(password)
  const bare = plain.replace(TAIL, '')
  return known().has(plain) || (bare !== '' && known().has(bare))
}
