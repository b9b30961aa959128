import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fullSite, pseudonymsOf } from '../test/small-site.ts'
import { Compiler, compile } from './compile.ts'
import type { Grant } from './grants.ts'
import type { Conditions, PointClass, Site } from './site.ts'
import { type ItemChange, type ItemKind, idOf, itemsOf, LISTED_KINDS, withItem } from './site-items.ts'
import type { Pseudonyms, Snapshot } from './snapshot.ts'

const HOUR = 3_600_000
const START = Date.parse('2026-07-01T12:00:00+02:00')

/** A snapshot with profiles looked up: at which index one stands is nobody's business. */
function plain({ clock, profiles, badges, people, credentials, ...rest }: Snapshot) {
  const person = (p: Snapshot['people'] extends ReadonlyMap<string, infer P> ? P : never) => ({
    ...p,
    profile: { ...profiles[p.profile]!, roles: [...profiles[p.profile]!.roles] },
  })
  const badge = (b: Snapshot['badges'] extends ReadonlyMap<string, infer B> ? B : never) => ({
    ...b,
    holder: person(b.holder),
  })
  const all = <V, W>(map: ReadonlyMap<string, V>, of: (value: V) => W) =>
    new Map([...map].map(([key, value]) => [key, of(value)]))
  return {
    ...rest,
    minute: clock.minuteOf(START),
    people: all(people, person),
    badges: all(badges, badge),
    credentials: all(credentials, badge),
  }
}

/** Few ids, so that changes meet: things that exist, that do not yet, and that do not any more. */
const idsOfKind = (kind: Exclude<ItemKind, 'site' | 'device'>, more: readonly string[]) =>
  fc.constantFrom(...itemsOf(fullSite(), kind).map(idOf), ...more)
const zone = idsOfKind('zone', ['attic'])
const schedule = idsOfKind('schedule', ['never'])
const calendar = idsOfKind('calendar', ['closing-days'])
const accessPoint = idsOfKind('accessPoint', ['attic-door'])
const role = idsOfKind('role', ['intern'])
const person = idsOfKind('person', ['fred'])
const uid = idsOfKind('badge', ['04AA0009'])
const classes = fc.uniqueArray(fc.constantFrom<PointClass>('door', 'medicines', 'controlled-drugs', 'records'), {
  minLength: 1,
  maxLength: 2,
})
const clock = fc.constantFrom('00:00', '07:00', '12:30', '22:00')
const some = <T>(value: fc.Arbitrary<T>, maxLength = 2) => fc.array(value, { maxLength })
const optional = <T extends object>(record: { [K in keyof T]: fc.Arbitrary<T[K]> }, required: (keyof T)[]) =>
  fc.record(record, { requiredKeys: required as never[] })
const name = fc.constantFrom('A', 'B')
const instant = fc.constantFrom('2026-06-30T23:30:00Z', '2026-07-01T08:00:00+02:00', '2026-12-01T00:00:00Z')
const requires = fc.constantFrom<Conditions>({ pin: true }, { witness: { role: 'nurse', withinS: 30 } })
const scope = fc.oneof(
  fc.record({ zone }),
  fc.record({ accessPoint }),
  fc.record({ classes }),
  fc.record({ zone, classes }),
)
const right = fc
  .tuple(scope, optional({ schedule, effect: fc.constantFrom('allow', 'deny'), requires }, ['schedule']))
  .map(([where, what]) => ({ ...where, ...what }))

const ITEMS: { readonly [K in Exclude<ItemKind, 'device'>]: readonly [fc.Arbitrary<string>, fc.Arbitrary<object>] } = {
  site: [
    fc.constant('site'),
    fc.record({
      name,
      timeZone: fc.constantFrom('Europe/Paris', 'America/New_York', 'Mars/Olympus'),
      policy: fc.constantFrom({}, { pin: { tries: 5 } }, { grantHours: { door: 9 } }),
    }),
  ],
  calendar: [calendar, fc.record({ name, days: some(fc.record({ date: fc.constantFrom('--07-01', '2026-07-02') })) })],
  zone: [
    zone,
    optional(
      { name, parent: zone, antiPassback: fc.constant({ mode: 'hard' }), occupancyLimit: fc.constantFrom(1, 5) },
      ['name'],
    ),
  ],
  schedule: [
    schedule,
    optional(
      {
        name,
        weekly: some(fc.record({ days: fc.constant(['mon', 'wed']), from: clock, to: clock })),
        specialDays: some(fc.record({ calendar, hours: some(fc.record({ from: clock, to: clock })) })),
      },
      ['name', 'weekly'],
    ),
  ],
  accessPoint: [
    accessPoint,
    optional(
      {
        name,
        zone,
        class: fc.constantFrom('door', 'medicines'),
        device: fc.constantFrom('door-1', 'door-2', 'attic'),
        point: fc.constantFrom('door', 'hatch'),
        passage: fc.record({ from: zone, to: zone }),
        requires,
      },
      ['name', 'zone', 'class', 'device', 'point'],
    ),
  ],
  role: [
    role,
    optional({ name, rights: some(right, 3), inherits: some(role), breakGlass: some(scope), lockdownRank: fc.nat(9) }, [
      'name',
      'rights',
    ]),
  ],
  person: [
    person,
    optional({ name, roles: some(role, 3), kind: fc.constantFrom('staff', 'visitor'), validFrom: instant }, [
      'name',
      'roles',
    ]),
  ],
  badge: [
    uid,
    optional({ person, status: fc.constantFrom('active', 'lost'), validFrom: instant }, ['person', 'status']),
  ],
  interlock: [
    fc.constantFrom('airlock', 'gate'),
    fc.record({ name, accessPoints: fc.array(accessPoint, { minLength: 2, maxLength: 3 }) }),
  ],
  lockdownPlan: [
    fc.constantFrom('ward', 'pharmacy', 'all'),
    optional(
      { name, zones: some(zone), rank: fc.constantFrom(1, 5), allow: some(role), revertAfterMinutes: fc.constant(60) },
      ['name', 'zones', 'rank', 'revertAfterMinutes'],
    ),
  ],
  evacuationPlan: [
    fc.constantFrom('fire', 'flood'),
    fc.record({ name, zones: some(zone), release: some(accessPoint), muster: some(accessPoint) }),
  ],
  scenario: [
    fc.constantFrom('door-forced', 'night'),
    fc.record({
      name,
      when: fc.constantFrom({ at: '21:00' }, { begins: { kinds: ['point.forced'] } }),
      where: fc.record({ zones: some(zone) }),
      if: some(fc.oneof(fc.record({ schedule, open: fc.boolean() }), fc.constant({ armed: true }))),
      acts: fc.constant([{ do: 'arm', armed: true }]),
    }),
  ],
  rota: [
    fc.constantFrom('nights', 'days'),
    fc.record({
      name,
      people: fc.constant(['ida']),
      from: fc.constant('2026-01-05'),
      handover: fc.constant('08:00'),
      days: fc.constant(7),
    }),
  ],
  escalation: [
    fc.constantFrom('pharmacy', 'all'),
    fc.record({ name, zones: some(zone), steps: fc.constant([{ afterMinutes: 0, to: { onCall: 'nights' } }]) }),
  ],
}

/** One item put (three times out of four) or withdrawn. */
const change: fc.Arbitrary<ItemChange> = fc
  .constantFrom(...(Object.keys(ITEMS) as (keyof typeof ITEMS)[]))
  .chain(kind => fc.tuple(fc.constant(kind), ITEMS[kind][0], fc.option(ITEMS[kind][1], { freq: 3 })))
  .map(([kind, id, item]) => {
    const named = kind === 'site' ? item : { ...item, [kind === 'badge' ? 'uid' : 'id']: id }
    return { kind, id, ...(item && { item: named }) } as ItemChange
  })

const grant = fc
  .record({
    id: fc.constantFrom('g-1', 'g-2', 'g-3'),
    person,
    target: scope,
    from: fc.integer({ min: -40, max: 10 }).map(hours => START + hours * HOUR),
    hours: fc.integer({ min: 1, max: 30 }),
    origin: fc.constantFrom<Grant['origin']>('loan', 'prescription'),
    reference: fc.constantFrom('rx-1', 'rx-2'),
  })
  .map(({ hours, ...g }): Grant => ({ ...g, until: g.from + hours * HOUR, by: 'cli:test' }))
const grantChange = fc.tuple(grant, fc.boolean()).map(([g, put]) => ({ id: g.id, ...(put && { grant: g }) }))

const step = fc.record({
  items: fc.array(change, { maxLength: 4 }),
  grants: some(grantChange),
  hours: fc.integer({ min: 0, max: 12 }),
})

const merged = (a: Pseudonyms, b: Pseudonyms): Pseudonyms => ({
  person: new Map([...a.person, ...b.person]),
  badge: new Map([...a.badge, ...b.badge]),
})
const NEW: Pseudonyms = { person: new Map([['fred', 'person-f']]), badge: new Map([['04AA0009', 'badge-9']]) }

test('whatever changes, in whatever order, gives what compiling the outcome from nothing gives', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.nat(5), (steps, named) => {
      let site: Site = fullSite()
      let pseudonyms = pseudonymsOf(site)
      const grants = new Map<string, Grant>()
      const compiler = new Compiler(site, 0, pseudonyms, [], START)
      let now = START
      for (const [i, { items, grants: issued, hours }] of steps.entries()) {
        now += hours * HOUR
        const before = compiler.snapshot
        const kept = plain(before)
        for (const { kind, id, item } of items) site = withItem(site, kind, id, item)
        for (const { id, grant: g } of issued) {
          grants.delete(id)
          if (g) grants.set(id, g)
        }
        if (i === named) pseudonyms = merged(pseudonyms, NEW)
        const after = compiler.update({
          revision: i,
          now,
          items,
          grants: issued,
          ...(i === named && { pseudonyms: NEW }),
        })
        expect(plain(after)).toEqual(plain(compile(site, i, pseudonyms, [...grants.values()], now)))
        expect(plain(before)).toEqual(kept)
        for (const kind of LISTED_KINDS) expect(itemsOf(compiler.site, kind)).toEqual(itemsOf(site, kind))
      }
    }),
    { numRuns: 150 },
  )
})

test('a site that arrives item by item, from the last to the first, is the whole site', () => {
  const site = fullSite()
  const empty: Site = {
    ...site,
    zones: [],
    schedules: [],
    devices: [],
    accessPoints: [],
    roles: [],
    people: [],
    badges: [],
  }
  const { calendars: _, interlocks: __, lockdownPlans: ___, evacuationPlans: ____, ...bare } = empty
  const compiler = new Compiler(bare, 0, pseudonymsOf(site), [], START)
  const items: ItemChange[] = LISTED_KINDS.toReversed().flatMap(kind =>
    itemsOf(site, kind).map(item => ({ kind, id: idOf(item), item })),
  )
  for (const item of items) compiler.update({ revision: 1, now: START, items: [item], grants: [] })
  expect(plain(compiler.snapshot)).toEqual(plain(compile(site, 1, pseudonymsOf(site), [], START)))
})
