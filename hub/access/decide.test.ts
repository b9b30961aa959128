import { describe, expect, test } from 'vitest'
import { PAIR_CASES } from '../test/decide-cases/pairs.ts'
import { PLACE_CASES } from '../test/decide-cases/places.ts'
import { ask, at, awaiting, during, locked, withBadge } from '../test/decide-cases/put.ts'
import { RIGHTS_CASES } from '../test/decide-cases/rights.ts'
import { STANDING_CASES } from '../test/decide-cases/standing.ts'
import { pseudonymsOf, smallSite } from '../test/small-site.ts'
import { badgeAt, DINA, grantOf, NILS, NOON, NORA, wardSite, wardSnapshot } from '../test/ward-site.ts'
import { compile } from './compile.ts'
import { decide, failureModeOf } from './decide.ts'
import { REASONS } from './reasons.ts'
import { CLASSES, type PointClass, type Site } from './site.ts'
import { CALM } from './situations.ts'

const ward = wardSnapshot()
const CASES = [...STANDING_CASES, ...RIGHTS_CASES, ...PAIR_CASES, ...PLACE_CASES]

describe('a badge held to a reader', () => {
  test.each(CASES)('%s: %s', (_, reason, asked) => {
    expect(ask(asked)).toMatchObject({ reason, granted: reason === 'granted', ...asked.rest })
  })

  test('every reason is either shown above or belongs to the flow', () => {
    const flow = ['stale-message', 'rate-limited', 'audit-unavailable']
    expect([...new Set<string>(CASES.map(c => c[1])), ...flow].sort()).toEqual(Object.keys(REASONS).sort())
  })

  test('a grant names who, what, where, how long and from which rights', () => {
    expect(ask(at('open'))).toEqual({
      granted: true,
      reason: 'granted',
      rights: 7,
      person: 'p-nora',
      credential: `b-${NORA}`,
      accessPoint: 'open',
      zone: 'ward',
      class: 'medicines',
      unlockMs: 5_000,
      lock: { device: 'reader', point: 'open' },
      via: { kind: 'rule', role: 'nurse', right: 0 },
    })
  })

  test('a refusal names whatever is known, in pseudonyms', () => {
    const who = { person: 'p-nora', credential: `b-${NORA}` }
    const where = { accessPoint: 'nothing', zone: 'ward', class: 'medicines' }
    const no = { granted: false, rights: 7 }
    expect(ask(at('nothing'))).toEqual({ ...no, reason: 'no-right', ...who, ...where })
    expect(ask(at('nothing', '04FFFFFF'))).toEqual({ ...no, reason: 'badge-unknown', ...where })
    expect(ask(at('nowhere'))).toEqual({ ...no, reason: 'point-unknown', ...who })
    expect(ask(at('nowhere', '04FFFFFF'))).toEqual({ ...no, reason: 'point-unknown' })
  })

  test('a uid that only upper-casing turns into hexadecimal is no badge', () => {
    const site = wardSite()
    site.badges.push({ uid: '04AA00FF', person: 'nora', status: 'active' })
    const snapshot = wardSnapshot(site)
    expect(decide(snapshot, CALM, badgeAt('open', '04AA00FF')).granted).toBe(true)
    expect('04aa00\uFB00'.toUpperCase()).toBe('04AA00FF')
    expect(decide(snapshot, CALM, badgeAt('open', '04aa00\uFB00')).reason).toBe('badge-unknown')
  })
})

describe('of several ways to open', () => {
  const twoWays = (first: object, second: object) => {
    const site = wardSite()
    const way = { accessPoint: 'nothing', schedule: 'always' } as const
    site.roles[0]!.rights.push({ ...way, requires: first }, { ...way, requires: second })
    return decide(wardSnapshot(site), CALM, badgeAt('nothing', NORA))
  }
  const [pin, reason, any, onDuty] = [{ pin: true }, { reason: true }, { reference: 'any' }, { onDuty: true }] as const
  const witness = { witness: { role: 'nurse', withinS: 60 } }

  test.each([
    [pin, reason, 'pin-required'],
    [reason, any, 'reason-required'],
    [any, onDuty, 'reference-required'],
    [{ ...pin, ...onDuty }, reason, 'reason-required'],
    [{ ...pin, ...witness }, reason, 'pin-required'],
    [witness, pin, 'witness-awaited'],
    [{ ...reason, ...any }, onDuty, 'reason-required'],
  ])('%j or %j: the nearest miss is told', (first, second, nearest) => {
    expect(twoWays(first, second).reason).toBe(nearest)
    expect(twoWays(second, first).reason).toBe(nearest)
  })

  test('the second person is awaited for the longest, and each way still holds to its own time', () => {
    const site = wardSite()
    const way = { accessPoint: 'nothing', schedule: 'always' } as const
    site.roles[0]!.rights.push(
      { ...way, requires: { witness: { role: 'nurse', withinS: 10 } } },
      { ...way, requires: { witness: { role: 'doctor', withinS: 60 } } },
    )
    const snapshot = wardSnapshot(site)
    expect(decide(snapshot, CALM, badgeAt('nothing', NORA))).toMatchObject({ waitMs: 60_000 })
    const since = (ms: number) => awaiting('nora', NORA, 'nothing', { since: NOON - ms, until: NOON + 60_000 - ms })
    const second = (ms: number, uid: string) => decide(snapshot, since(ms), badgeAt('nothing', uid))
    expect(second(9_999, NILS)).toMatchObject({ granted: true, person: 'p-nora', witness: 'p-nils' })
    expect(second(10_000, NILS)).toMatchObject({ granted: false, person: 'p-nils' })
    expect(second(59_999, DINA)).toMatchObject({ granted: true, person: 'p-nora', witness: 'p-dina' })
  })

  test('a rule and its point that ask for different witnesses are both heard', () => {
    const site = wardSite()
    site.roles[0]!.rights.push({
      accessPoint: 'strict-two',
      schedule: 'always',
      requires: { witness: { role: 'doctor', withinS: 60 } },
    })
    site.roles[0]!.rights = site.roles[0]!.rights.filter(r => r.accessPoint !== 'strict-two' || r.requires)
    const snapshot = wardSnapshot(site)
    expect(decide(snapshot, CALM, badgeAt('strict-two', NORA))).toMatchObject({ waitMs: 20_000 })
    const situations = awaiting('nora', NORA, 'strict-two')
    expect(decide(snapshot, situations, badgeAt('strict-two', DINA))).toMatchObject({ granted: true, person: 'p-nora' })
    expect(decide(snapshot, situations, badgeAt('strict-two', NILS))).toMatchObject({
      reason: 'witness-awaited',
      person: 'p-nils',
    })
  })
})

describe('a PIN under duress', () => {
  test.each([
    ['opens', at('pin', NORA, { pin: 'duress' }), 'granted'],
    ['is refused like a right one', at('nothing', NORA, { pin: 'duress' }), 'no-right'],
    [
      'waits like a right one',
      { ...at('open', NORA, { pin: 'duress' }), situations: during(locked(NOON + 1)) },
      'pin-locked',
    ],
    [
      'with a lost badge',
      { ...at('open', NORA, { pin: 'duress' }), snapshot: withBadge({ status: 'lost' }) },
      'badge-lost',
    ],
    ['at a reader nobody configured', at('nowhere', NORA, { pin: 'duress' }), 'point-unknown'],
    ['with a badge of nobody', at('open', '04FFFFFF', { pin: 'duress' }), 'badge-unknown'],
  ] as const)('%s, and is told', (_, asked, reason) => {
    const decision = ask(asked)
    expect(decision.reason).toBe(reason)
    expect(decision.duress).toBe(reason === 'badge-unknown' ? undefined : true)
  })

  test('of either of two people is told', () => {
    const first = awaiting('nora', NORA, 'two', { pin: 'duress' })
    expect(decide(ward, first, badgeAt('two', NILS))).toMatchObject({ granted: true, duress: true })
    const second = badgeAt('two', NILS, { pin: 'duress' })
    expect(decide(ward, awaiting('nora', NORA, 'two'), second)).toMatchObject({ granted: true, duress: true })
    expect(decide(ward, awaiting('nora', NORA, 'two'), badgeAt('two', NILS))).not.toHaveProperty('duress')
  })
})

describe('a site in an unknown time zone', () => {
  const site = wardSite()
  site.site.timeZone = 'Europe/Nowhere'
  const snapshot = wardSnapshot(site, [
    grantOf('nora', { accessPoint: 'forbidden' }),
    grantOf('nora', { zone: 'ward' }),
  ])

  test('opens nothing by a schedule', () => {
    expect(decide(wardSnapshot(site), CALM, badgeAt('open', NORA)).reason).toBe('outside-hours')
  })
  test('goes on forbidding what is forbidden at some hours', () => {
    expect(decide(snapshot, CALM, badgeAt('forbidden', NORA)).reason).toBe('denied-by-rule')
    expect(decide(snapshot, CALM, badgeAt('open', NORA)).granted).toBe(true)
  })
})

test('a person whose profile is not in the snapshot has no right', () => {
  expect(decide({ ...ward, profiles: [] }, CALM, badgeAt('open', NORA)).reason).toBe('no-right')
})

describe('the failure mode', () => {
  const small = compile(smallSite(), 7, pseudonymsOf(smallSite()))

  test('is that of the class, or of the point where the class allows it', () => {
    expect(failureModeOf(small, 'cabinet-1', 'drawer-1')).toBe('secure')
    expect(failureModeOf(small, 'door-1', 'door')).toBe('open-with-alarm')
    expect(failureModeOf(small, 'door-2', 'door')).toBe('secure')
  })

  test.each(['x', '__proto__', 'constructor', ''])('of an unknown point %j is secure', name => {
    expect(failureModeOf(small, name, name)).toBe('secure')
  })

  test.each(Object.keys(CLASSES) as PointClass[])('of class %s can be set only where it is not fixed', name => {
    const set = CLASSES[name].failureMode === 'secure' ? 'open-with-alarm' : 'secure'
    const site: Site = smallSite()
    site.accessPoints[0] = { ...site.accessPoints[0]!, class: name, failureMode: set }
    const snapshot = compile(site, 7, pseudonymsOf(site))
    expect(failureModeOf(snapshot, 'cabinet-1', 'drawer-1')).toBe(CLASSES[name].fixed ? CLASSES[name].failureMode : set)
  })
})

test('strange ids already inside a site reach no prototype', () => {
  const s = smallSite()
  s.people.push({ id: '__proto__', name: 'x', roles: ['constructor', '__proto__'] })
  s.badges.push(
    { uid: '04AA00AA', person: '__proto__', status: 'active' },
    { uid: '04AA00AB', person: 'toString', status: 'active' },
  )
  const snapshot = compile(s, 7, pseudonymsOf(s))
  const reasonOf = (uid: string) => decide(snapshot, CALM, { device: 'door-1', point: 'door', uid, at: NOON }).reason
  expect(reasonOf('04AA00AA')).toBe('no-right')
  expect(reasonOf('04AA00AB')).toBe('badge-unknown')
})
