import { describe, expect, test } from 'vitest'
import { pseudonymsOf, smallSite } from '../test/small-site.ts'
import { type Decision, decide, failureModeOf } from './decide.ts'
import { REASONS } from './reasons.ts'
import { CLASSES, type PointClass, type Site } from './site.ts'
import { compile, type Snapshot } from './snapshot.ts'

const snapshotOf = (site: Site): Snapshot => compile(site, 7, pseudonymsOf(site))
const small = snapshotOf(smallSite())

const DRUGS = ['cabinet-1', 'drawer-1'] as const
const MEDICINES = ['cabinet-1', 'drawer-2'] as const
const WARD = ['door-1', 'door'] as const
const GARDEN = ['door-2', 'door'] as const
const [ANNA, BELA, CLEO] = ['04AA0001', '04AA0002', '04AA0003']
/** 2026-07-01 is a Wednesday; times are Paris time, two hours ahead of UTC. */
const NOON = '2026-07-01T12:00:00+02:00'
const MIDNIGHT = '2026-07-01T00:00:00+02:00'
const SUNDAY = '2026-07-05T12:00:00+02:00'

const ask = ([device, point]: readonly [string, string], uid: string, at: string): Decision =>
  decide(small, { device, point, uid, at: Date.parse(at) })

describe('a badge held to a reader', () => {
  const cases = [
    ['a nurse opens medicines by day', MEDICINES, ANNA, NOON, 'granted'],
    ['a right to a zone reaches the zones below it', MEDICINES, BELA, MIDNIGHT, 'granted'],
    ['a night right without classes reaches drugs', DRUGS, BELA, MIDNIGHT, 'granted'],
    ['a right to one access point holds at any hour', WARD, ANNA, MIDNIGHT, 'granted'],
    ['lower-case uid of the same badge', MEDICINES, '04aa0001', NOON, 'granted'],
    ['a device nobody configured', ['cabinet-9', 'drawer-1'], ANNA, NOON, 'point-unknown'],
    ['a point nobody configured', ['cabinet-1', 'drawer-9'], ANNA, NOON, 'point-unknown'],
    ['device and point that only join to a known name', ['', 'cabinet-1/drawer-2'], ANNA, NOON, 'point-unknown'],
    ['a badge nobody registered', MEDICINES, '04FFFFFF', NOON, 'badge-unknown'],
    ['an unknown badge at an unknown point', ['x', 'y'], '04FFFFFF', NOON, 'point-unknown'],
    ['a suspended badge', MEDICINES, '04AA0004', NOON, 'badge-suspended'],
    ['a lost badge', MEDICINES, '04AA0005', NOON, 'badge-lost'],
    ['a revoked badge', MEDICINES, '04AA0006', NOON, 'badge-revoked'],
    ['a suspended badge where its holder has no right either', DRUGS, '04AA0004', NOON, 'badge-suspended'],
    ['the last millisecond before a badge is valid', WARD, BELA, '2025-12-31T23:59:59.999Z', 'badge-not-yet-valid'],
    ['the first instant a badge is valid', WARD, BELA, '2026-01-01T00:00:00Z', 'granted'],
    ['the last millisecond a badge is valid', WARD, BELA, '2026-12-31T23:59:59.999Z', 'granted'],
    ['the instant a badge expires', WARD, BELA, '2027-01-01T00:00:00Z', 'badge-expired'],
    ['the last millisecond before a contract', GARDEN, CLEO, '2026-02-28T23:59:59.999Z', 'person-not-yet-valid'],
    ['the first Monday of a contract', GARDEN, CLEO, '2026-03-02T12:00:00+01:00', 'granted'],
    ['the instant a contract ends', GARDEN, CLEO, '2026-12-01T00:00:00Z', 'person-expired'],
    ['a class the right does not name', DRUGS, ANNA, NOON, 'no-right'],
    ['a zone beside the one of the right', GARDEN, ANNA, NOON, 'no-right'],
    ['a zone above the one of the right', WARD, CLEO, NOON, 'no-right'],
    ['a day the schedule does not name', MEDICINES, ANNA, SUNDAY, 'outside-hours'],
    ['the minute before the schedule begins', MEDICINES, ANNA, '2026-07-01T06:59:59.999+02:00', 'outside-hours'],
    ['the instant the schedule begins', MEDICINES, ANNA, '2026-07-01T07:00:00+02:00', 'granted'],
    ['the instant the schedule ends', MEDICINES, ANNA, '2026-07-01T19:00:00+02:00', 'outside-hours'],
    ['between the hours of two roles', MEDICINES, BELA, '2026-07-01T20:00:00+02:00', 'outside-hours'],
    ['drugs by day, with a right by night only', DRUGS, BELA, NOON, 'outside-hours'],
  ] as const

  test.each(cases)('%s', (_, point, uid, at, reason) => {
    expect(ask(point, uid, at)).toMatchObject({ reason, granted: reason === 'granted' })
  })

  test('every reason is either shown above or belongs to the flow', () => {
    const flow = ['stale-message', 'rate-limited', 'audit-unavailable']
    expect([...new Set<string>(cases.map(c => c[4])), ...flow].sort()).toEqual(Object.keys(REASONS).sort())
  })

  test('a grant names who, what, where, how long and from which rights', () => {
    expect(ask(MEDICINES, ANNA, NOON)).toEqual({
      granted: true,
      reason: 'granted',
      rights: 7,
      person: 'person-0',
      credential: 'badge-0',
      accessPoint: 'medicines',
      zone: 'pharmacy',
      unlockMs: 8_000,
      lock: { device: 'cabinet-1', point: 'drawer-2' },
    })
  })

  test('a refusal names whatever is known, in pseudonyms', () => {
    const who = { person: 'person-0', credential: 'badge-0' }
    const where = { accessPoint: 'drugs', zone: 'pharmacy' }
    expect(ask(DRUGS, ANNA, NOON)).toEqual({ granted: false, reason: 'no-right', rights: 7, ...who, ...where })
    expect(ask(DRUGS, '04FFFFFF', NOON)).toEqual({ granted: false, reason: 'badge-unknown', rights: 7, ...where })
    expect(ask(['x', 'y'], ANNA, NOON)).toEqual({ granted: false, reason: 'point-unknown', rights: 7, ...who })
    expect(ask(['x', 'y'], '04FFFFFF', NOON)).toEqual({ granted: false, reason: 'point-unknown', rights: 7 })
  })

  test('a uid that only upper-casing turns into hexadecimal is no badge', () => {
    const site = smallSite()
    site.badges.push({ uid: '04AA00FF', person: 'anna', status: 'active' })
    const snapshot = snapshotOf(site)
    const request = { device: 'cabinet-1', point: 'drawer-2', at: Date.parse(NOON) }
    expect(decide(snapshot, { ...request, uid: '04AA00FF' }).granted).toBe(true)
    expect('04aa00\uFB00'.toUpperCase()).toBe('04AA00FF')
    expect(decide(snapshot, { ...request, uid: '04aa00\uFB00' })).toMatchObject({
      granted: false,
      reason: 'badge-unknown',
    })
  })

  test('a site in an unknown time zone opens nothing', () => {
    const site = smallSite()
    site.site.timeZone = 'Europe/Nowhere'
    expect(
      decide(snapshotOf(site), { device: 'door-1', point: 'door', uid: ANNA, at: Date.parse(NOON) }),
    ).toMatchObject({ granted: false, reason: 'outside-hours' })
  })
})

describe('the failure mode', () => {
  test('is that of the class, or of the point where the class allows it', () => {
    expect(failureModeOf(small, ...DRUGS)).toBe('secure')
    expect(failureModeOf(small, ...WARD)).toBe('open-with-alarm')
    expect(failureModeOf(small, ...GARDEN)).toBe('secure')
  })

  test.each(['x', '__proto__', 'constructor', ''])('of an unknown point %j is secure', name => {
    expect(failureModeOf(small, name, name)).toBe('secure')
  })

  test.each(Object.keys(CLASSES) as PointClass[])('of class %s can be set only where it is not fixed', name => {
    const other = CLASSES[name].failureMode === 'secure' ? 'open-with-alarm' : 'secure'
    const site = smallSite()
    site.accessPoints[0] = { ...site.accessPoints[0]!, class: name, failureMode: other }
    expect(failureModeOf(snapshotOf(site), ...DRUGS)).toBe(CLASSES[name].fixed ? CLASSES[name].failureMode : other)
  })
})

test('strange ids already inside a site reach no prototype', () => {
  const s = smallSite()
  s.people.push({ id: '__proto__', name: 'x', roles: ['constructor', '__proto__'] })
  s.badges.push(
    { uid: '04AA00AA', person: '__proto__', status: 'active' },
    { uid: '04AA00AB', person: 'toString', status: 'active' },
  )
  const snapshot = snapshotOf(s)
  expect(decide(snapshot, { device: 'door-1', point: 'door', uid: '04AA00AA', at: Date.parse(NOON) }).reason).toBe(
    'no-right',
  )
  expect(decide(snapshot, { device: 'door-1', point: 'door', uid: '04AA00AB', at: Date.parse(NOON) }).reason).toBe(
    'badge-unknown',
  )
})
