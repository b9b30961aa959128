import { describe, expect, it } from 'vitest'
import { ANNA, BELA, houseSite } from '../test/house.ts'
import { pseudonymsOf } from '../test/small-site.ts'
import { compile } from './compile.ts'
import { decide } from './decide.ts'
import type { AccessRequest, Granted } from './decision.ts'
import type { Site } from './site.ts'
import { CALM, type Situations } from './situations.ts'
import { withdrawal } from './withdrawal.ts'

const AT = Date.UTC(2026, 5, 10, 8)
const site = houseSite()
const snapshotOf = (s: Site, revision = 2) => compile(s, revision, pseudonymsOf(site))
const before = snapshotOf(site, 1)
const request = (point: string, over: Partial<AccessRequest> = {}): AccessRequest => {
  const place = site.accessPoints.find(a => a.id === point)!
  return { device: place.device, point: place.point, uid: ANNA, at: AT, ...over }
}
const granted = (asked: AccessRequest, situations: Situations = CALM): Granted => {
  const decision = decide(before, situations, asked)
  if (!decision.granted) throw new Error(decision.reason)
  return decision
}
const anna = before.badges.get(ANNA)!
const lockedDown = (since: number): Situations => ({
  ...CALM,
  lockdown: new Map([['storm', { since, until: AT + 1_000, by: 'o-1' }]]),
})
const awaited = {
  person: anna.holder.person,
  credential: anna.credential,
  accessPoint: 'drugs',
  since: AT - 1,
  until: AT + 1_000,
}
const awaiting: Situations = { ...CALM, witness: new Map([['cabinet/drawer-1', awaited]]) }
const with_ = (change: Partial<Site>) => snapshotOf({ ...site, ...change })

describe('a lockdown', () => {
  it.each([
    ['as the badge came', AT],
    ['after it came, while its PIN was looked into', AT + 500],
    ['at a time that a clock set back has not reached again', AT + 999],
  ])('that began %s is in force until it ends', (_, since) => {
    expect(decide(before, lockedDown(since), request('medicines'))).toMatchObject({ reason: 'lockdown' })
    expect(decide(before, lockedDown(since), request('medicines', { at: AT + 1_000 }))).toMatchObject({ granted: true })
  })
})

describe('a grant looked at again', () => {
  const asked = request('medicines')

  it('stands while nothing closes it, whatever it has changed itself', () => {
    const trap = request('trap-a')
    const changed: Situations = {
      ...CALM,
      door: new Map([['trap-b', { open: true, releasedUntil: 0 }]]),
      position: new Map([[anna.holder.person, { zone: 'lab', since: AT, accessPoint: 'lab-door' }]]),
    }
    expect(withdrawal(before, changed, trap, granted(trap), undefined)).toBeUndefined()
  })

  it.each([
    ['lockdown', before, lockedDown(AT + 5), { because: 'storm' }],
    ['badge-lost', with_({ badges: site.badges.map(b => ({ ...b, status: 'lost' as const })) }), CALM, { rights: 2 }],
    ['no-right', with_({ people: site.people.map(p => ({ ...p, roles: [] })) }), CALM, {}],
    ['point-unknown', with_({ accessPoints: site.accessPoints.filter(a => a.id !== 'medicines') }), CALM, {}],
  ])('is refused with %s, for the person it was granted to', (reason, now, situations, more) => {
    const refusal = withdrawal(now, situations, asked, granted(asked), undefined)
    expect(refusal).toEqual({
      granted: false,
      reason,
      rights: now.revision,
      ...{ person: anna.holder.person, credential: anna.credential, accessPoint: 'medicines', zone: 'ward' },
      class: 'medicines',
      ...more,
    })
  })

  it('is refused where a second person is needed by now: nobody is awaited', () => {
    const two = { witness: { role: 'nurse', withinS: 30 } }
    const now = with_({
      accessPoints: site.accessPoints.map(a => (a.id === 'medicines' ? { ...a, requires: two } : a)),
    })
    expect(withdrawal(now, CALM, asked, granted(asked), undefined)).toMatchObject({ reason: 'no-right' })
  })

  it('is refused where the badge has another holder by now, and where the lock hangs elsewhere', () => {
    const given = with_({ badges: site.badges.map(b => (b.uid === ANNA ? { ...b, person: 'bela' } : b)) })
    expect(withdrawal(given, CALM, asked, granted(asked), undefined)).toMatchObject({
      reason: 'badge-unknown',
      person: anna.holder.person,
    })
    const move = (lock: { device: string; point: string }) =>
      with_({ accessPoints: site.accessPoints.map(a => (a.id === 'medicines' ? { ...a, lock } : a)) })
    const other = [
      { device: 'cabinet', point: 'drawer-6' },
      { device: 'yard-door', point: 'drawer-5' },
    ].map(move)
    const renamed = with_({
      accessPoints: site.accessPoints.map(a => (a.id === 'medicines' ? { ...a, id: 'pills' } : a)),
      roles: site.roles.map(r => ({ ...r, rights: [...r.rights, { zone: 'ward', schedule: 'always' }] })),
    })
    for (const now of [...other, renamed])
      expect(withdrawal(now, CALM, asked, granted(asked), undefined)).toMatchObject({ reason: 'point-unknown' })
  })

  it('of two people stands with both, and falls with either', () => {
    const second = request('drugs', { uid: BELA })
    const joint = granted(second, awaiting)
    expect(joint.witness).toBe(before.badges.get(BELA)?.holder.person)
    expect(withdrawal(before, CALM, second, joint, awaited)).toBeUndefined()
    for (const uid of [ANNA, BELA]) {
      const badges = site.badges.map(b => (b.uid === uid ? { ...b, status: 'lost' as const } : b))
      expect(withdrawal(with_({ badges }), CALM, second, joint, awaited)).toMatchObject({
        reason: 'badge-lost',
        person: anna.holder.person,
      })
    }
    expect(withdrawal(before, CALM, second, joint, undefined)).toMatchObject({ reason: 'no-right' })
  })

  it('under duress keeps the cry for help', () => {
    const duress = request('medicines', { pin: 'duress' })
    expect(withdrawal(before, lockedDown(AT), duress, granted(duress), undefined)).toMatchObject({ duress: true })
  })

  it('of an emergency goes past a lockdown, as it did', () => {
    const glass = request('kit', { breakGlass: true, statedReason: 'cardiac arrest' })
    expect(withdrawal(before, lockedDown(AT), glass, granted(glass), undefined)).toBeUndefined()
  })
})
