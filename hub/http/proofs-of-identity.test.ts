/** The parts that a proof of who one is rests on, each by itself. */
import { describe, expect, it } from 'vitest'
import { isBreached } from './breached.ts'
import { Challenges } from './challenges.ts'
import { clientWords } from './client-words.ts'
import { newRecoveryCodes, recoveryHash } from './recovery.ts'
import { codeAt, newTotp, stepOf, TotpClaims } from './totp.ts'

describe('one-time codes', () => {
  /** RFC 6238, appendix B, SHA-1, the last six digits. */
  const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at %i s are those of the standard', (seconds, code) => {
    expect(codeAt(SECRET, seconds * 1000)).toBe(code)
    expect(stepOf(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  it('count one step early and one step late, and for nobody without a secret', () => {
    const { secret } = newTotp('claire')
    const at = 1_000_000_000_000
    const steps = [-2, -1, 0, 1, 2].map(n => stepOf(secret, codeAt(secret, at + n * 30_000), at))
    const now = Math.floor(at / 30_000)
    expect(steps).toEqual([undefined, now - 1, now, now + 1, undefined])
    expect(stepOf(undefined, codeAt(secret, at), at)).toBeUndefined()
  })

  it('are claimed once each, in order, by account, beside what the store knows', () => {
    const claims = new TotpClaims()
    expect([5, 5, 4, 6].map(step => claims.claim('a', step, undefined))).toEqual([true, false, false, true])
    expect([claims.claim('b', 5, 5), claims.claim('b', 6, 5)]).toEqual([false, true])
  })
})

describe('recovery codes', () => {
  it('are ten different ones, and the same in any spelling', () => {
    const codes = newRecoveryCodes()
    expect(new Set(codes.map(recoveryHash)).size).toBe(10)
    expect(recoveryHash('0011-ABCD-EFGH-JKMN')).toBe(recoveryHash(' ooil abcd efgh-jkmn '))
    expect(recoveryHash('0011-ABCD-EFGH-JKMN')).not.toBe(recoveryHash('0011-ABCD-EFGH-JKMM'))
  })
})

describe('leaked passwords', () => {
  it.each([
    'password',
    'PASSWORD1234',
    'Motdepasse2026!',
    'ｑｗｅｒｔｙuiop12',
    'iloveyou!!!!',
    '123456789012',
    'azertyuiop 2026',
  ])('%s is one', password => expect(isBreached(password)).toBe(true))
  it.each(['correct horse battery staple', 'une phrase assez longue', '!!!!!!!!!!!!!!!', 'pqrx-71-vtuw-93'])(
    '%s is none',
    password => expect(isBreached(password)).toBe(false),
  )
})

describe('challenges', () => {
  it('count once, within five minutes, for what they were made for, in this run', () => {
    let now = 1_000
    const challenges = new Challenges(() => now)
    const make = (purpose = 'prove a'): string => challenges.make(purpose).toString('base64url')
    const first = make()
    expect([
      challenges.take(first, 'prove b'),
      challenges.take(first, 'prove a'),
      challenges.take(first, 'prove a'),
    ]).toEqual([false, true, false])
    const late = make()
    now += 5 * 60_000
    expect(challenges.take(late, 'prove a')).toBe(false)
    expect(challenges.take(new Challenges(() => now).make('prove a').toString('base64url'), 'prove a')).toBe(false)
    for (const odd of ['', 'AAAA', 'é', make().slice(0, -4)]) expect(challenges.take(odd, 'prove a')).toBe(false)
  })
})

describe('the browser in a few words', () => {
  const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
  it.each([
    [CHROME, 'Chrome, Linux'],
    [`${CHROME} Edg/140.0.0.0`, 'Edge, Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15E Safari/604',
      'Safari, iOS',
    ],
    ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox, Android'],
    ['curl/8.9.1', 'curl'],
    ['<script>alert(1)</script>', ''],
    [undefined, ''],
  ])('%s: %s', (agent, words) => expect(clientWords(agent)).toBe(words))
})
