import { describe, expect, it } from 'vitest'
import { SealedOnce } from './sealed-once.ts'

describe('what a browser keeps for the hub', () => {
  const make = () => {
    const clock = { now: 1_000_000 }
    return { clock, kept: new SealedOnce<{ a: number }>(600_000, () => clock.now) }
  }

  it('comes back as it was, once', () => {
    const { kept } = make()
    const sealed = kept.seal({ a: 1 })
    expect(kept.take(sealed)).toEqual({ a: 1 })
    expect(kept.take(sealed)).toBeUndefined()
  })
  it('is good until ten minutes are over', () => {
    const { kept, clock } = make()
    const [one, other] = [kept.seal({ a: 1 }), kept.seal({ a: 2 })]
    clock.now += 599_999
    expect(kept.take(one)).toEqual({ a: 1 })
    clock.now += 1
    expect(kept.take(other)).toBeUndefined()
  })
  it('can’t be changed in any bit, nor be made elsewhere', () => {
    const { kept } = make()
    const sealed = Buffer.from(kept.seal({ a: 1 }), 'base64url')
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(kept.take(changed.toString('base64url'))).toBeUndefined()
    }
    for (const none of [undefined, '', 'x', sealed.subarray(0, 20).toString('base64url'), make().kept.seal({ a: 1 })])
      expect(kept.take(none)).toBeUndefined()
    expect(kept.take(sealed.toString('base64url'))).toEqual({ a: 1 })
  })
  it('shows nothing of what is in it', () => {
    const { kept } = make()
    expect(Buffer.from(kept.seal({ a: 7 }), 'base64url').toString('latin1')).not.toContain('"a"')
  })
})
