import { describe, expect, it } from 'vitest'
import type { BadgeAct, Offer } from './models/behaviour.ts'
import { nextBadge } from './people.ts'

const OFFER: Offer = {
  pin: '428191',
  reason: 'douleur',
  reference: { kind: 'prescription', id: 'ord-7' },
  witness: '04BB',
}
const shown: BadgeAct = {
  kind: 'badge',
  point: 'drawer-6',
  uid: '04AA',
  hand: { afterMs: 1, dwellMs: 2 },
  offer: OFFER,
}
const denied = (reason: string) => ({ granted: false, reason })

describe('people at a reader', () => {
  it.each([
    ['pin-required', { pin: OFFER.pin }],
    ['reason-required', { reason: OFFER.reason }],
    ['reference-required', { reference: OFFER.reference }],
  ])('asked with %s, enter it once and badge again', (reason, more) => {
    const next = nextBadge(shown, denied(reason))
    expect(next?.act).toEqual({ ...shown, ...more })
    expect(next!.afterMs).toBeGreaterThan(0)
    expect(nextBadge(next!.act, denied(reason))).toBeUndefined()
    expect(nextBadge({ ...shown, offer: {} }, denied(reason))).toBeUndefined()
  })

  it('let a colleague badge when a second person is awaited, with nothing of what the first one entered', () => {
    const next = nextBadge({ ...shown, pin: '428191', breakGlass: true }, denied('witness-awaited'))
    expect(next?.act).toEqual({ kind: 'badge', point: 'drawer-6', uid: '04BB', hand: shown.hand })
    expect(nextBadge(next!.act, denied('witness-awaited'))).toBeUndefined()
  })

  it.each(['pin-wrong', 'no-right', 'lockdown', 'badge-lost'])('walk away from %s', reason => {
    expect(nextBadge(shown, denied(reason))).toBeUndefined()
  })

  it('do nothing more when it opens', () => {
    expect(nextBadge(shown, { granted: true, reason: 'granted' })).toBeUndefined()
  })
})
