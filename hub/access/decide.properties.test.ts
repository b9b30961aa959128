import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERY_DAY, pseudonymsOf, smallSite } from '../test/small-site.ts'
import { type AccessRequest, decide } from './decide.ts'
import { REASONS } from './reasons.ts'
import { CLASSES, type PointClass, type Site } from './site.ts'
import { compile, type Snapshot } from './snapshot.ts'

const snapshotOf = (s: Site): Snapshot => compile(s, 7, pseudonymsOf(s))
const NOON = '2026-07-01T12:00:00+02:00'

// Sites of a few zones, points, roles and people at random; all references exist.
const id = (kind: string, count: number) => fc.nat(count - 1).map(n => `${kind}-${n}`)
const list = <T>(kind: string, count: number, item: (id: string, index: number) => fc.Arbitrary<T>) =>
  fc.tuple(...Array.from({ length: count }, (_, i) => item(`${kind}-${i}`, i)))
const clock = fc.integer({ min: 0, max: 47 }).map(n => `${String(n >> 1).padStart(2, '0')}:${n % 2 ? '30' : '00'}`)
const pointClass = fc.constantFrom(...(Object.keys(CLASSES) as PointClass[]))
/** A field that is there in one case out of `oneIn`: rare limits leave enough grants for the properties to bite on. */
const maybe = <T>(key: string, value: fc.Arbitrary<T>, oneIn = 2) =>
  fc.tuple(fc.nat(oneIn - 1), value).map(([n, v]) => (n === oneIn - 1 ? { [key]: v } : {}))
const right = fc
  .tuple(
    fc.oneof(
      id('zone', 4).map(zone => ({ zone })),
      id('point', 5).map(accessPoint => ({ accessPoint })),
    ),
    maybe('classes', fc.uniqueArray(pointClass, { minLength: 1, maxLength: 5 }), 3),
    id('hours', 3),
  )
  .map(([target, classes, schedule]) => ({ ...target, ...classes, schedule }))
const day = fc.integer({ min: 1, max: 28 }).map(d => `2026-07-${String(d).padStart(2, '0')}T00:00:00Z`)
const validity = fc.tuple(maybe('validFrom', day, 6), maybe('validUntil', day, 6)).map(([a, b]) => ({ ...a, ...b }))
const site: fc.Arbitrary<Site> = fc
  .record({
    zones: list('zone', 4, (z, i) =>
      (i === 0 ? fc.constant({}) : maybe('parent', id('zone', i))).map(parent => ({ id: z, name: z, ...parent })),
    ),
    schedules: list('hours', 3, s =>
      fc.record({
        id: fc.constant(s),
        name: fc.constant(s),
        weekly: fc.array(fc.record({ days: fc.subarray(EVERY_DAY, { minLength: 1 }), from: clock, to: clock }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    ),
    accessPoints: list('point', 5, (p, i) =>
      fc.record({
        id: fc.constant(p),
        name: fc.constant(p),
        zone: id('zone', 4),
        class: pointClass,
        device: fc.constant('device'),
        point: fc.constant(`drawer-${i}`),
      }),
    ),
    roles: list('role', 3, r =>
      fc.record({ id: fc.constant(r), name: fc.constant(r), rights: fc.array(right, { minLength: 1, maxLength: 4 }) }),
    ),
    people: list('human', 3, p =>
      fc
        .tuple(fc.subarray(['role-0', 'role-1', 'role-2'], { minLength: 1 }), validity)
        .map(([roles, v]) => ({ id: p, name: p, roles, ...v })),
    ),
    badges: list('badge', 4, (_, i) =>
      fc
        .tuple(
          id('human', 3),
          fc.constantFrom('active', 'active', 'active', 'active', 'active', 'active', 'suspended', 'lost', 'revoked'),
          validity,
        )
        .map(([person, status, v]) => ({ uid: `04AA000${i}`, person, status, ...v })),
    ),
  })
  .map(parts => ({ version: 1, site: { name: 'Any', timeZone: 'Europe/Paris' }, devices: [], ...parts }) as Site)
const request: fc.Arbitrary<AccessRequest> = fc.record({
  device: fc.constant('device'),
  point: id('drawer', 6),
  uid: fc.nat(4).map(n => `04AA000${n}`),
  at: fc.integer({ min: Date.parse('2026-06-29T00:00:00Z'), max: Date.parse('2026-08-03T00:00:00Z') }),
})
const weird = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'device',
    'drawer-0',
    'device/drawer-0',
    '04AA0000',
    '0'.repeat(5_000),
  ),
)
const clone = <T>(value: T): T => structuredClone(value)

describe('whatever the site and the request', () => {
  test('a decision depends on its arguments alone', () => {
    fc.assert(
      fc.property(site, fc.array(request, { minLength: 2, maxLength: 6 }), (s, requests) => {
        const [used, fresh] = [snapshotOf(s), () => snapshotOf(clone(s))]
        const forwards = requests.map(r => decide(used, r))
        const backwards = requests
          .toReversed()
          .map(r => decide(used, r))
          .reverse()
        expect(backwards).toEqual(forwards)
        expect(requests.map(r => decide(fresh(), r))).toEqual(forwards)
      }),
    )
  })

  test('a decision leaves snapshot and site as they were', () => {
    fc.assert(
      fc.property(site, request, (s, r) => {
        const before = clone(s)
        const snapshot = snapshotOf(s)
        const shown = () => ({ points: clone(snapshot.points), badges: clone(snapshot.badges) })
        const compiled = shown()
        decide(snapshot, Object.freeze({ ...r }))
        expect(s).toEqual(before)
        expect(shown()).toEqual(compiled)
      }),
    )
  })

  test('adding a right never takes a grant away, removing one never gives one', () => {
    let grants = 0
    fc.assert(
      fc.property(
        site,
        fc.nat(2),
        right,
        fc.array(request, { minLength: 10, maxLength: 30 }),
        (less, role, added, requests) => {
          const more = clone(less)
          more.roles[role]!.rights.push(added)
          const [few, many] = [snapshotOf(less), snapshotOf(more)]
          for (const r of requests) {
            if (decide(few, r).granted) expect(decide(many, r).granted).toBe(true)
            if (decide(many, r).granted) grants++
          }
        },
      ),
      { numRuns: 300 },
    )
    expect(grants).toBeGreaterThan(100)
  })

  test('adding a role to a person never takes a grant away', () => {
    fc.assert(
      fc.property(
        site,
        fc.nat(2),
        id('role', 3),
        fc.array(request, { maxLength: 20 }),
        (less, person, role, requests) => {
          const more = clone(less)
          more.people[person]!.roles.push(role)
          const [few, many] = [snapshotOf(less), snapshotOf(more)]
          for (const r of requests) if (decide(few, r).granted) expect(decide(many, r).granted).toBe(true)
        },
      ),
    )
  })

  test('a badge that is not active, or not valid at the time, never opens', () => {
    fc.assert(
      fc.property(site, fc.array(request, { minLength: 10, maxLength: 30 }), (s, requests) => {
        const snapshot = snapshotOf(s)
        for (const r of requests.filter(q => decide(snapshot, q).granted)) {
          const badge = s.badges.find(b => b.uid === r.uid)!
          const person = s.people.find(p => p.id === badge.person)!
          expect(badge.status).toBe('active')
          for (const { validFrom, validUntil } of [badge, person]) {
            if (validFrom) expect(r.at).toBeGreaterThanOrEqual(Date.parse(validFrom))
            if (validUntil) expect(r.at).toBeLessThan(Date.parse(validUntil))
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('grants exactly what the file says, read naively', () => {
    let grants = 0
    fc.assert(
      fc.property(site, fc.array(request, { minLength: 10, maxLength: 20 }), (s, requests) => {
        const snapshot = snapshotOf(s)
        for (const r of requests) {
          const { granted } = decide(snapshot, r)
          expect(granted).toBe(naive(s, r))
          if (granted) grants++
        }
      }),
      { numRuns: 300 },
    )
    expect(grants).toBeGreaterThan(100)
  })

  test('never throws, and grants no one unknown, on any strings and any time', () => {
    const open = smallSite()
    open.roles[0]!.rights = [{ zone: 'ward', schedule: 'always' }]
    const snapshot = snapshotOf(open)
    fc.assert(
      fc.property(
        weird,
        weird,
        weird,
        fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, 1e300, Date.parse(NOON))),
        (device, point, uid, at) => {
          const decision = decide(snapshot, { device, point, uid, at })
          expect(Object.keys(REASONS)).toContain(decision.reason)
          const known =
            (device === 'door-1' && point === 'door') || (device === 'cabinet-1' && /^drawer-[12]$/.test(point))
          if (decision.granted) expect(known && /^04AA000[1-6]$/i.test(uid)).toBe(true)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

/** The site file read as a person would, without any compiling. July in Paris is UTC+2 throughout. */
function naive(s: Site, r: AccessRequest): boolean {
  const badge = s.badges.find(b => b.uid === r.uid)
  const point = s.accessPoints.find(a => a.device === r.device && a.point === r.point)
  const person = s.people.find(p => p.id === badge?.person)
  if (!badge || !point || !person || badge.status !== 'active') return false
  const valid = [badge, person].every(
    v => (!v.validFrom || r.at >= Date.parse(v.validFrom)) && (!v.validUntil || r.at < Date.parse(v.validUntil)),
  )
  const within = (zone: string | undefined, top: string): boolean =>
    zone !== undefined && (zone === top || within(s.zones.find(z => z.id === zone)?.parent, top))
  const rights = s.roles.filter(role => person.roles.includes(role.id)).flatMap(role => role.rights)
  return (
    valid &&
    rights.some(
      x =>
        (x.accessPoint ? x.accessPoint === point.id : within(point.zone, x.zone!)) &&
        (!x.classes || x.classes.includes(point.class)) &&
        openNaively(s, x.schedule, r.at),
    )
  )
}

function openNaively(s: Site, schedule: string, at: number): boolean {
  const wall = new Date(at + 7_200_000)
  const time = wall.toISOString().slice(11, 16)
  const today = EVERY_DAY[(wall.getUTCDay() + 6) % 7]!
  const yesterday = EVERY_DAY[(wall.getUTCDay() + 5) % 7]!
  return s.schedules
    .find(x => x.id === schedule)!
    .weekly.some(({ days, from, to }) =>
      to > from
        ? days.includes(today) && time >= from && time < to
        : (days.includes(today) && time >= from) || (days.includes(yesterday) && time < to),
    )
}
