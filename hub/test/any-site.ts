/**
 * Any site, any grants, anything going on, any badge: for properties that hold whatever they are. Small, so that random
 * things meet; all references exist. People are `human-0` to `human-3`, badges two each; every reader is `device/drawer-<i>`.
 */
import fc from 'fast-check'
import type { AccessRequest } from '../access/decision.ts'
import { GRANT_ORIGINS, type Grant } from '../access/grants.ts'
import { CLASSES, type Conditions, type PointClass, type Right, type Site } from '../access/site.ts'
import type { SituationChange } from '../access/situations.ts'
import { EVERY_DAY } from './small-site.ts'
import { HOUR, NOON } from './ward-site.ts'

const ZONES = 4
const POINTS = 6
const ROLES = 3
const PEOPLE = 4
const BADGES = 8

export const id = (kind: string, count: number) => fc.nat(count - 1).map(n => `${kind}-${n}`)
const list = <T>(kind: string, count: number, item: (id: string, index: number) => fc.Arbitrary<T>) =>
  fc.tuple(...Array.from({ length: count }, (_, i) => item(`${kind}-${i}`, i)))
/** A field that is there in one case out of `oneIn`: rare limits leave enough grants for the properties to bite on. */
const maybe = <T>(key: string, value: fc.Arbitrary<T>, oneIn = 2) =>
  fc.tuple(fc.nat(oneIn - 1), value).map(([n, v]) => (n === oneIn - 1 ? { [key]: v } : {}))
const merged = <T>(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<T> =>
  fc.tuple(...parts).map(fields => Object.assign({}, ...fields) as T)

const clock = fc.integer({ min: 0, max: 47 }).map(n => `${String(n >> 1).padStart(2, '0')}:${n % 2 ? '30' : '00'}`)
const pointClass = fc.constantFrom(...(Object.keys(CLASSES) as PointClass[]))
const scope = fc
  .tuple(
    fc.oneof(
      id('zone', ZONES).map(zone => ({ zone })),
      id('point', POINTS).map(accessPoint => ({ accessPoint })),
    ),
    maybe('classes', fc.uniqueArray(pointClass, { minLength: 1, maxLength: 5 }), 3),
  )
  .map(([target, classes]) => ({ ...target, ...classes }))

const witness = fc.record({ role: id('role', ROLES), withinS: fc.constantFrom(5, 30, 300) })
const conditions: fc.Arbitrary<Conditions> = fc.oneof(
  fc.constantFrom<Conditions>({ pin: true }, { reason: true }, { onDuty: true }, { reference: 'any' }),
  witness.map(w => ({ witness: w })),
  witness.map(w => ({ witness: w, pin: true as const })),
)

export const plainRight: fc.Arbitrary<Right> = merged(
  scope,
  id('hours', 3).map(schedule => ({ schedule })),
)
export const deny: fc.Arbitrary<Right> = plainRight.map(r => ({ ...r, effect: 'deny' }))
const allow: fc.Arbitrary<Right> = merged(plainRight, maybe('requires', conditions, 4))
const right = fc.oneof({ weight: 6, arbitrary: allow }, { weight: 1, arbitrary: deny })

const day = fc.integer({ min: 1, max: 28 }).map(d => `2026-07-${String(d).padStart(2, '0')}T00:00:00Z`)
const validity = fc.tuple(maybe('validFrom', day, 8), maybe('validUntil', day, 8)).map(([a, b]) => ({ ...a, ...b }))
const named = (x: string) => fc.constant({ id: x, name: x })

const zones = list('zone', ZONES, (z, i) =>
  merged<Site['zones'][number]>(
    named(z),
    i === 0 ? fc.constant({}) : maybe('parent', id('zone', i)),
    maybe('antiPassback', fc.constantFrom({ mode: 'hard' }, { mode: 'soft' }, { mode: 'timed', minutes: 5 })),
    maybe('occupancyLimit', fc.constantFrom(1, 2)),
  ),
)
/** The first one is always open in a rich site. */
const schedules = (rich: boolean) =>
  list('hours', 3, (s, i) =>
    merged<Site['schedules'][number]>(
      named(s),
      rich && i === 0
        ? fc.constant({ weekly: [{ days: EVERY_DAY, from: '00:00', to: '24:00' }] })
        : fc.record({
            weekly: fc.array(fc.record({ days: fc.subarray(EVERY_DAY, { minLength: 1 }), from: clock, to: clock }), {
              minLength: 1,
              maxLength: 3,
            }),
          }),
    ),
  )
const point = (rich: boolean) => (p: string, i: number) =>
  merged<Site['accessPoints'][number]>(
    named(p),
    fc.record({
      zone: id('zone', ZONES),
      class: pointClass,
      device: fc.constant('device'),
      point: fc.constant(`drawer-${i}`),
    }),
    ...(rich
      ? [
          maybe('requires', conditions, 6),
          maybe('passage', fc.record({ from: id('zone', ZONES), to: id('zone', ZONES) }), 3),
        ]
      : []),
  )
const role = (rich: boolean) => (r: string, i: number) =>
  merged<Site['roles'][number]>(
    named(r),
    fc.record({ rights: fc.array(rich ? right : plainRight, { minLength: 1, maxLength: 4 }) }),
    ...(rich
      ? [
          i > 0 ? maybe('inherits', fc.constant(['role-0']), 3) : fc.constant({}),
          maybe('breakGlass', fc.array(scope, { maxLength: 2 })),
          maybe('lockdownRank', fc.nat(9), 4),
        ]
      : []),
  )
const people = list('human', PEOPLE, p =>
  merged<Site['people'][number]>(
    named(p),
    fc.record({ roles: fc.subarray(['role-0', 'role-1', 'role-2'], { minLength: 1 }) }),
    validity,
  ),
)
const status = fc.constantFrom(
  ...Array<'active'>(9).fill('active'),
  'suspended' as const,
  'lost' as const,
  'revoked' as const,
)
const badges = list('badge', BADGES, (_, i) =>
  merged<Site['badges'][number]>(
    fc.constant({ uid: `04AA000${i}`, person: `human-${i % PEOPLE}` }),
    status.map(s => ({ status: s })),
    validity,
  ),
)
const plan = (p: string) =>
  fc.record({
    id: fc.constant(p),
    name: fc.constant(p),
    zones: fc.uniqueArray(id('zone', ZONES), { minLength: 2, maxLength: 3 }),
    rank: fc.integer({ min: 1, max: 9 }),
    allow: fc.subarray(['role-0', 'role-1', 'role-2'], { maxLength: 2 }),
    revertAfterMinutes: fc.constant(60),
  })

const siteOf = (rich: boolean): fc.Arbitrary<Site> =>
  fc
    .record({
      zones,
      schedules: schedules(rich),
      accessPoints: list('point', POINTS, point(rich)),
      roles: list('role', ROLES, role(rich)),
      people,
      badges,
      lockdownPlans: list('plan', 2, plan),
    })
    .map(parts => ({
      version: 1,
      site: { name: 'Any', timeZone: 'Europe/Paris' },
      devices: [],
      ...(rich && { interlocks: [{ id: 'trap', name: 'Trap', accessPoints: ['point-0', 'point-1'] }] }),
      ...(rich && {
        evacuationPlans: [{ id: 'fire', name: 'Fire', zones: ['zone-0'], release: [], muster: ['point-2'] }],
      }),
      ...parts,
    }))

/** Roles, hours, validity and nothing else: no conditions, denies, passages, plans. */
export const plainSite = siteOf(false)
export const anySite = siteOf(true)

const around = fc.integer({ min: NOON - 3 * HOUR, max: NOON + 3 * HOUR })
export const anyGrants: fc.Arbitrary<Grant[]> = fc
  .array(
    fc.record({
      person: id('human', PEOPLE),
      target: fc.option(scope, { nil: undefined, freq: 6 }),
      from: around,
      hours: fc.integer({ min: 2, max: 6 }),
      origin: fc.constantFrom(...GRANT_ORIGINS),
      reference: fc.boolean(),
    }),
    { minLength: 3, maxLength: 8 },
  )
  .map(drawn =>
    drawn.map(({ target, hours, reference, from, ...g }, i) => ({
      ...g,
      ...(target && { target }),
      ...(reference && { reference: `ref-${i}` }),
      id: `g-${i}`,
      from,
      until: from + hours * HOUR,
      by: 'cli:test',
    })),
  )

export const uid = fc.nat(BADGES - 1).map(n => `04AA000${n}`)
export const anyTime = fc.integer({
  min: Date.parse('2026-06-29T00:00:00Z'),
  max: Date.parse('2026-08-03T00:00:00Z'),
})
const asked: fc.Arbitrary<Partial<AccessRequest>> = merged(
  maybe('pin', fc.constantFrom('right', 'right', 'duress', 'duress', 'wrong', 'unset')),
  maybe('statedReason', fc.constantFrom('round', 'round', ' ')),
  maybe('reference', fc.record({ kind: fc.constantFrom('patient', 'prescription'), id: fc.constant('x') })),
  maybe('breakGlass', fc.constant(true), 6),
)
const badgeFor = (at: fc.Arbitrary<number>, extra: fc.Arbitrary<object>): fc.Arbitrary<AccessRequest> =>
  merged(
    fc.record({
      device: fc.constant('device'),
      point: id('drawer', POINTS + 1),
      uid: fc.nat(BADGES).map(n => `04AA000${n}`),
      at,
    }),
    extra,
  )
/** With whatever may come with a badge, within three hours of noon. */
export const anyBadge = badgeFor(around, asked)
/** A badge and nothing else, in July. */
export const plainBadge = badgeFor(anyTime, fc.constant({}))

const person = id('person', PEOPLE)
const wide = fc.integer({ min: NOON - 4 * HOUR, max: NOON + 4 * HOUR })
export const lockdownRow: fc.Arbitrary<SituationChange> = fc.record({
  kind: fc.constant('lockdown'),
  key: id('plan', 2),
  value: fc.record({
    since: around.map(at => at - 2 * HOUR),
    until: around.map(at => at + 3 * HOUR),
    by: fc.constant('cli:test'),
  }),
})
const row: fc.Arbitrary<SituationChange> = fc.oneof(
  lockdownRow,
  fc.record({
    kind: fc.constant('position'),
    key: person,
    value: fc.record({ zone: id('zone', ZONES), since: around, accessPoint: id('point', POINTS) }),
  }),
  fc.record({
    kind: fc.constant('passage'),
    key: person,
    value: fc.record({ accessPoint: id('point', POINTS), to: id('zone', ZONES), until: wide }),
  }),
  fc.record({
    kind: fc.constant('door'),
    key: id('point', 2),
    value: fc.record({ open: fc.boolean(), releasedUntil: wide }),
  }),
  fc.record({
    kind: fc.constant('pin'),
    key: id('badge', BADGES),
    value: fc.record({ wrong: fc.nat(5), lastAt: around, lockedUntil: around }),
  }),
  fc.record({ kind: fc.constant('uses'), key: person, value: fc.record({ at: fc.array(around, { maxLength: 4 }) }) }),
  fc.record({
    kind: fc.constant('break-glass'),
    key: fc.tuple(person, id('point', POINTS)).map(parts => parts.join('/')),
    value: fc.record({ id: fc.constant('e-0'), since: around, until: wide }),
  }),
  fc
    .tuple(fc.nat(BADGES - 1), fc.nat(POINTS - 1), around, fc.constantFrom('right', 'duress'))
    .map(([badge, at, since, pin]) => ({
      kind: 'witness' as const,
      key: `device/drawer-${at}`,
      value: {
        person: `person-${badge % PEOPLE}`,
        credential: `badge-${badge}`,
        accessPoint: `point-${at}`,
        since,
        until: since + HOUR,
        pin: pin as 'right' | 'duress',
        statedReason: 'round',
      },
    })),
)
export const anyRows = fc.array(row, { maxLength: 8 })
