/** What the pages of accounts say, and what they know of passwords and passkeys without asking. */
import { describe, expect, it } from 'vitest'
import { ERRORS } from '#hub/errors.ts'
import { deviceName } from '../src/passkey-error.ts'
import { inFours, missingLength, passwordFault, passwordReady } from '../src/password.ts'
import { RestError } from '../src/rest.ts'
import { accountWords } from '../src/words/account.ts'
import { en } from '../src/words/en.ts'
import { fr } from '../src/words/fr.ts'
import { refusedPassword } from '../src/words/refused-password.ts'
import { totp } from './totp.ts'

function strings(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([k, v]) => strings(v, `${path}/${k}`))
}

describe('the words of accounts', () => {
  it('are all there in both languages, and none is empty', () => {
    const [inFrench, inEnglish] = [strings(accountWords.fr), strings(accountWords.en)]
    expect(inFrench.length).toBeGreaterThan(100)
    expect(inFrench.map(([path]) => path)).toEqual(inEnglish.map(([path]) => path))
    for (const [path, words] of [...inFrench, ...inEnglish]) expect(words.trim(), path).not.toBe('')
  })
  it('follow French typography: a narrow no-break space before : ; ! ? and inside « », no-break before a unit', () => {
    const w = accountWords.fr
    const said = [w.passkeys.removeTitle('x'), w.invitation.taken('x'), w.password.short(3), w.sessions.ended(2)]
    for (const words of [...strings(w).map(([, s]) => s), ...said]) {
      expect(words).not.toMatch(/[^\u202f][;!?:%»]|«[^\u202f]/)
      expect(words).not.toMatch(/\d (caractère|chiffre|minute|s\b|session)/)
      expect(words).not.toContain("'")
    }
  })
  it('count what is left in the grammar of each language', () => {
    expect(accountWords.fr.password.short(1)).toBe('Encore 1\u00a0caractère.')
    expect(accountWords.en.password.short(4)).toBe('4\u00a0more characters.')
    expect(accountWords.fr.recovery.left(0)).toBe('Plus aucun')
    expect(accountWords.fr.recovery.left(1)).toBe('1 sur 10 encore valable')
  })
  it('say why the hub refused a password, and leave other refusals to the rest of the form', () => {
    const breached = new RestError('password-breached', 422)
    expect(Object.keys(ERRORS)).toContain(breached.code)
    expect(refusedPassword(breached, accountWords.fr, fr)).toBe(accountWords.fr.password.breached)
    expect(refusedPassword(new RestError('password-weak', 422), accountWords.en, en)).toBe(en.problems['password-weak'])
    expect(refusedPassword(new RestError('input-invalid', 422, 'next'), accountWords.en, en)).toBeDefined()
    expect(refusedPassword(new RestError('sign-in-refused', 401), accountWords.en, en)).toBeUndefined()
    expect(refusedPassword(undefined, accountWords.en, en)).toBeUndefined()
  })
})

describe('a password, before the hub is asked', () => {
  it('counts letters as people do, in one form of each, and not the bytes of them', () => {
    expect(passwordFault('éééééééééééé', [])).toBeUndefined()
    expect(missingLength('e\u0301'.repeat(11))).toBe(1) // 22 code points, 11 letters
    expect(passwordFault('🔑'.repeat(11), [])).toBe('short')
    expect(passwordFault('x'.repeat(129), [])).toBe('long')
    expect(passwordFault('x'.repeat(128), [])).toBeUndefined()
  })
  it('is neither login nor name, in whatever case', () => {
    expect(passwordFault('Bruno KESSLER', ['b.kessler', ' bruno kessler'])).toBe('own')
    expect(passwordFault('correct horse battery', ['', ''])).toBeUndefined()
    expect(passwordReady('correct horse battery', 'correct horse battery', [])).toBe(true)
    expect(passwordReady('correct horse battery', 'correct horse batterY', [])).toBe(false)
  })
})

describe('secrets and devices, to be read', () => {
  it('writes a secret in groups of four', () => {
    expect(inFours('JBSWY3DPEHPK3PXP')).toBe('JBSW Y3DP EHPK 3PXP')
    expect(inFours('JBSWY')).toBe('JBSW Y')
  })
  it('names a device by its own words', () => {
    expect(deviceName('Mozilla/5.0 (X11; Linux x86_64) Chrome/140')).toBe('Linux')
    expect(deviceName('Mozilla/5.0 (Linux; Android 16; Pixel 10) Chrome/140')).toBe('Android')
    expect(deviceName('curl/8')).toBeUndefined()
  })
  it('computes the codes of RFC 6238, Appendix B, that the browser tests type', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    expect(totp(secret, 59_000)).toBe('287082')
    expect(totp(secret, 1_111_111_109_000)).toBe('081804')
    expect(totp(secret, 59_000, 1)).toBe(totp(secret, 89_000))
  })
})
