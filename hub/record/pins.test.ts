import { scrypt, timingSafeEqual } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { NOON, Stage } from '../test/stage.ts'
import { checkPin, makePin, pinCheck } from './pins.ts'

/** The real ones, counted. */
vi.mock('node:crypto', async original => {
  const real = await original<typeof import('node:crypto')>()
  return { ...real, scrypt: vi.fn(real.scrypt), timingSafeEqual: vi.fn(real.timingSafeEqual) }
})

describe('a PIN', () => {
  it('is right, wrong, under duress, or not on record', async () => {
    const record = await makePin('2580', '2589')
    const answers = await Promise.all(['2580', '2589', '2588', '25800'].map(pin => checkPin(record, pin)))
    expect(answers).toEqual(['right', 'duress', 'wrong', 'wrong'])
    expect(await checkPin(undefined, '2580')).toBe('unset')
  })

  it('leaves a record that tells neither digits nor who has a duress PIN, another one each time', async () => {
    const [once, again, plain] = await Promise.all([makePin('2580', '2589'), makePin('2580', '2589'), makePin('2580')])
    expect(new Set([once.salt, again.salt, plain.salt, once.hash, again.hash, plain.hash]).size).toBe(6)
    const shape = (record: object) => Object.entries(record).map(([k, v]) => [k, String(v).length])
    expect(shape(plain)).toEqual(shape(once))
    expect(JSON.stringify(once)).not.toMatch(/2580|2589/)
    expect(await checkPin(plain, '2589')).toBe('wrong')
  })

  it.each([
    '123',
    '123456789',
    '12a4',
    '',
    ' 2580',
    '２５８０',
    '0000',
    '99999999',
    '1234',
    '4321',
    '7890',
    '8901',
    '0987',
    '345678',
  ])('may not be %j', async pin => {
    await expect(makePin(pin)).rejects.toMatchObject({ code: 'pin-weak', status: 422, details: { field: 'pin' } })
    const duress = makePin('2580', pin)
    await expect(duress).rejects.toMatchObject({ code: 'pin-weak', details: { field: 'duressPin' } })
  })

  it.each(['2580', '25800'])('has a duress PIN of as many digits that is another one: not %s', async duress => {
    await expect(makePin('2580', duress)).rejects.toMatchObject({ details: { field: 'duressPin' } })
  })

  it.each(['1235', '1357', '9753', '1122', '2468', '12340', '13572468'])('may be %s', async pin => {
    expect(await checkPin(await makePin(pin), pin)).toBe('right')
  })

  it('does not stand in what is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(9), fc.integer({ min: 4, max: 8 }), async (digit, length) => {
        const pin = String(digit).repeat(length)
        const error = await makePin(pin).then(String, (e: Error) => `${e.message} ${JSON.stringify(e)} ${e.stack}`)
        expect(error).not.toContain(pin)
      }),
      { numRuns: 20 },
    )
  })

  it('takes the same work to check whatever the answer, and for who has none', async () => {
    const record = await makePin('2580', '2589')
    const cases = [
      () => checkPin(record, '2580'),
      () => checkPin(record, '2589'),
      () => checkPin(record, '1111'),
      () => checkPin(undefined, '2580'),
    ]
    // Counted, not timed: one derivation at the same cost, two comparisons.
    for (const check of cases) {
      vi.mocked(scrypt).mockClear()
      vi.mocked(timingSafeEqual).mockClear()
      await check()
      expect(vi.mocked(scrypt).mock.calls.map(call => call[3])).toEqual([{ N: 8192, r: 8, p: 1 }])
      expect(timingSafeEqual).toHaveBeenCalledTimes(2)
    }
  })

  it('of forty at once all are answered, and files are written meanwhile', async () => {
    const record = await makePin('2580')
    let left = 40
    const checks = Array.from({ length: left }, () => checkPin(record, '2580').finally(() => left--))
    const { stat } = await import('node:fs/promises')
    await stat(import.meta.dirname)
    expect(left).toBeGreaterThan(20)
    expect(new Set(await Promise.all(checks))).toEqual(new Set(['right']))
  })
})

describe('what is on record', () => {
  it('counts from the next badge on, by pseudonym', async () => {
    const stage = await Stage.open()
    try {
      await stage.apply()
      const anna = stage.pseudonym('person', 'anna')
      const check = pinCheck(stage.db)
      expect(await check(anna, '2580')).toBe('unset')
      const record = await makePin('2580', '2589')
      const event = { kind: 'pin.set', person: anna, by: 'cli:test' } as const
      await stage.journal.op('setPin', { at: NOON, person: 'anna', record, event })
      expect(await check(anna, '2580')).toBe('right')
      expect(await check(anna, '2589')).toBe('duress')
      expect(await check(stage.pseudonym('person', 'bela'), '2580')).toBe('unset')
      expect(await check(stage.pseudonym('badge', '04AA0001'), '2580')).toBe('unset')
    } finally {
      await stage.close()
    }
  })
})
