/** What can be said of a password without asking the hub, which checks all of it again and knows the leaked ones. Pure. */
export const MIN_PASSWORD = 12
export const MAX_PASSWORD = 128

/** As the hub compares: one form of each letter, then code points. */
const lengthOf = (password: string): number => [...password.normalize('NFKC')].length
const folded = (text: string): string => text.normalize('NFKC').trim().toLocaleLowerCase()

export type PasswordFault = 'short' | 'long' | 'own'

/** @param own login and name of whoever will use it */
export function passwordFault(password: string, own: readonly string[]): PasswordFault | undefined {
  if (lengthOf(password) < MIN_PASSWORD) return 'short'
  if (lengthOf(password) > MAX_PASSWORD) return 'long'
  return own.some(text => text !== '' && folded(text) === folded(password)) ? 'own' : undefined
}
/** How many characters are still missing. */
export const missingLength = (password: string): number => Math.max(0, MIN_PASSWORD - lengthOf(password))

/** Groups of four, to be read out and typed: `JBSW Y3DP EHPK 3PXP`. */
export const inFours = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')

/** What keeps this pair from being sent, if anything does. */
export const passwordReady = (password: string, again: string, own: readonly string[]): boolean =>
  passwordFault(password, own) === undefined && password === again
