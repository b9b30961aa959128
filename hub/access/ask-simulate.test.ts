import { describe, expect, it } from 'vitest'
import type { AccessAwaiting, AccessDenied, AccessGranted } from '../events.ts'
import { pseudonymsOf } from '../test/small-site.ts'
import { DutyCheck } from './ask-duty.ts'
import { Tally } from './ask-simulate.ts'
import type { BadgeEvent } from './ask-why.ts'
import type { Grant } from './grants.ts'
import type { Site } from './site.ts'
import { AT, askedSite, bookFor, grant, HOUR } from './testing/asked-site.ts'

const withRole = (id: string, over: Partial<Site['roles'][number]>): Site => {
  const site = askedSite()
  return { ...site, roles: site.roles.map(r => (r.id === id ? { ...r, ...over } : r)) }
}
const base = { device: 'cabinet-1', message: 'm', deviceSeq: 1, deviceAt: 0, zone: 'pharmacy', rights: 7 }
const drugs = { ...base, point: 'drawer-1', accessPoint: 'drugs' }
const medicines = { ...base, point: 'drawer-2', accessPoint: 'medicines' }
/** `person-i` and `badge-i` are the i-th of the site. */
const who = (person: number, badge: number) => ({ person: `person-${person}`, credential: `badge-${badge}` })
const anna = who(0, 0)
const dora = who(3, 6)
const opened = {
  kind: 'access.granted',
  command: 'c',
  unlockMs: 5_000,
  via: { kind: 'rule', role: 'nurse', right: 0 },
} as const
const granted = (over: Partial<AccessGranted>): AccessGranted => ({ ...medicines, ...anna, ...opened, ...over })
const denied = (over: Partial<AccessDenied>): AccessDenied => ({
  ...drugs,
  ...anna,
  kind: 'access.denied',
  reason: 'no-right',
  ...over,
})
const awaiting = (over: Partial<AccessAwaiting>): AccessAwaiting => ({
  ...drugs,
  ...dora,
  kind: 'access.awaiting',
  until: AT,
  ...over,
})

function tallied(after: Site, events: readonly BadgeEvent[], grants: readonly Grant[] = []): Tally {
  const tally = new Tally(
    bookFor(askedSite(), grants, AT - 30 * 24 * HOUR),
    bookFor(after, grants, AT - 30 * 24 * HOUR),
  )
  for (const [i, event] of events.entries()) tally.add(event, 100 + i, AT + i * 60_000)
  return tally
}
const named = (id: string) => ({ id, name: id })

describe('a dry run', () => {
  const nightOnly = withRole('nurse', { rights: [{ zone: 'ward', schedule: 'night' }] })

  it('counts and lists who would be refused, by person and point, with the first example', () => {
    const tally = tallied(nightOnly, [granted({}), granted({}), denied({})])
    expect(tally.counts).toEqual({ events: 3, same: 0, gained: 0, lost: 2, otherwise: 1, skipped: 0 })
    expect(tally.pairs(named)).toEqual([
      {
        person: named('person-0'),
        accessPoint: { id: 'medicines', name: 'Medicines' },
        gained: 0,
        lost: 2,
        otherwise: 0,
        first: { seq: 100, at: AT, before: 'granted', after: 'outside-hours' },
      },
      expect.objectContaining({ accessPoint: { id: 'drugs', name: 'Drugs' }, otherwise: 1 }),
    ])
  })

  it('counts who would be let in', () => {
    const wider = withRole('nurse', { rights: [{ zone: 'ward', schedule: 'always' }] })
    expect(tallied(wider, [denied({})]).counts).toMatchObject({ gained: 1, lost: 0 })
  })

  it('finds nothing where the change touches nobody who badged', () => {
    expect(tallied(withRole('gardener', { rights: [] }), [granted({}), denied({})]).counts).toMatchObject({ same: 2 })
  })

  it('decides a pair of people again as a pair, with what the first one brought', () => {
    const pair = granted({ ...drugs, ...dora, pin: 'right', witness: 'person-0' })
    const events = [awaiting({ pin: 'right' }), pair]
    expect(tallied(askedSite(), events).counts).toMatchObject({ events: 2, same: 2 })
    const otherWitness = withRole('charge', {
      rights: [{ accessPoint: 'drugs', schedule: 'always', requires: { witness: { role: 'gardener', withinS: 30 } } }],
    })
    expect(tallied(otherWitness, events).counts).toMatchObject({ lost: 1 })
  })

  it('decides an emergency again as one, whether its button was pressed or it was running', () => {
    const via = { kind: 'break-glass', id: 'bg-1' } as const
    const emergency = granted({ ...drugs, ...dora, via, breakGlass: true, statedReason: 'arrest' })
    const running = granted({ ...drugs, ...dora, via })
    expect(tallied(askedSite(), [emergency, running]).counts).toMatchObject({ same: 2 })
    expect(tallied(withRole('charge', { breakGlass: [] }), [emergency]).counts).toMatchObject({ lost: 1 })
  })

  it('lists those who lose most first, then those who gain most, then whoever is refused for another reason', () => {
    const other = withRole('nurse', {
      rights: [
        { accessPoint: 'drugs', schedule: 'always' },
        { accessPoint: 'garden-door', schedule: 'night' },
        { accessPoint: 'ward-door', schedule: 'night' },
      ],
    })
    const garden = { device: 'door-2', point: 'door', accessPoint: 'garden-door' }
    const bela = who(1, 1)
    const events = [
      denied(garden),
      denied({ ...garden, ...bela }),
      denied({ ...garden, ...bela }),
      denied({ ...bela }),
      denied({}),
      denied({}),
      granted({}),
      granted({ ...bela }),
      granted({ ...bela }),
    ]
    const pairs = tallied(other, events).pairs(named)
    expect(pairs.map(p => [p.person.id, p.accessPoint.id, p.lost, p.gained, p.otherwise])).toEqual([
      ['person-1', 'medicines', 2, 0, 0],
      ['person-0', 'medicines', 1, 0, 0],
      ['person-0', 'drugs', 0, 2, 0],
      ['person-1', 'drugs', 0, 1, 0],
      ['person-1', 'garden-door', 0, 0, 2],
      ['person-0', 'garden-door', 0, 0, 1],
    ])
  })

  it('counts who would be let in at a reader that the change turns into an access point, and calls it by its name', () => {
    const site = askedSite()
    const fresh = { ...site.accessPoints[2]!, id: 'new-door', name: 'New door', device: 'door-9' }
    const tally = tallied({ ...site, accessPoints: [...site.accessPoints, fresh] }, [
      denied({ device: 'door-9', point: 'door', reason: 'point-unknown' }),
    ])
    expect(tally.counts).toMatchObject({ gained: 1 })
    expect(tally.pairs(named)[0]?.accessPoint).toEqual({ id: 'new-door', name: 'New door' })
  })

  it('counts an opening as lost whose second person would no longer be there', () => {
    const site = askedSite()
    const without = {
      ...site,
      people: site.people.filter(p => p.id !== 'bela'),
      badges: site.badges.filter(b => b.person !== 'bela'),
    }
    const pair = (witness: string) => granted({ ...drugs, ...dora, pin: 'right', witness })
    // Pseudonyms of a test go by place: taking Bela out must not make Cleo her.
    const tally = new Tally(bookFor(site), bookFor(without, [], AT, pseudonymsOf(site)))
    for (const [i, witness] of ['person-1', 'person-0'].entries()) tally.add(pair(witness), i, AT)
    expect(tally.counts).toMatchObject({ events: 2, lost: 1, same: 1 })
  })

  it('decides by the grants of that time, over since', () => {
    const over = grant('g-1', 'anna', { from: AT - HOUR, until: AT + 1 })
    expect(tallied(nightOnly, [granted(drugs)], [over]).counts).toMatchObject({ same: 1, lost: 0 })
  })

  it('skips a badge or reader that neither side knows, instead of calling it unchanged', () => {
    const events = [denied({ credential: 'badge-99' }), granted({ device: 'gone', point: 'door' })]
    expect(tallied(nightOnly, events).counts).toMatchObject({ events: 2, skipped: 2, same: 0 })
  })
})

describe('people at work', () => {
  const changesOf = (after: Site, person: string, until: number, grants: readonly Grant[] = [], from = AT) => {
    const check = new DutyCheck(bookFor(askedSite(), grants), bookFor(after, grants))
    return [...check.of(person, from, until)].filter(c => c !== undefined)
  }

  it('lose what they have now', () => {
    expect(changesOf(withRole('nurse', { rights: [] }), 'anna', AT + HOUR)).toEqual([
      {
        person: named2('anna', 'Anna'),
        accessPoint: named2('medicines', 'Medicines'),
        effect: 'loses',
        from: AT,
        now: true,
      },
      {
        person: named2('anna', 'Anna'),
        accessPoint: named2('ward-door', 'Ward door'),
        effect: 'loses',
        from: AT,
        now: true,
      },
    ])
  })

  it('gain or lose later in their shift, to the minute, and not after it', () => {
    const site = askedSite()
    const schedules = site.schedules.map(s =>
      s.id === 'day' ? { ...s, weekly: [{ ...s.weekly[0]!, from: '07:00', to: '14:30' }] } : s,
    )
    const shorter = { ...site, schedules }
    const half = Date.UTC(2026, 5, 10, 12, 30)
    expect(changesOf(shorter, 'anna', half)).toEqual([])
    expect(changesOf(shorter, 'anna', half + 1)).toMatchObject([
      { accessPoint: { id: 'medicines' }, effect: 'loses', from: half, now: false },
    ])
  })

  it('keep a point another right opens, and hear of new conditions', () => {
    const withPin = withRole('nurse', {
      rights: [
        { zone: 'ward', classes: ['medicines'], schedule: 'day', requires: { pin: true } },
        { accessPoint: 'ward-door', schedule: 'always' },
      ],
    })
    expect(changesOf(withPin, 'anna', AT + HOUR)).toMatchObject([
      { accessPoint: { id: 'medicines' }, effect: 'conditions' },
    ])
    const granted = grant('g-1', 'anna', { target: { accessPoint: 'medicines' }, until: AT + 2 * HOUR })
    expect(changesOf(withRole('nurse', { rights: [] }), 'anna', AT + HOUR, [granted])).toMatchObject([
      { accessPoint: { id: 'ward-door' }, effect: 'loses' },
    ])
  })

  it.each<[string, (site: Site) => Site, string]>([
    [
      'their badge is suspended',
      s => ({ ...s, badges: s.badges.map(b => ({ ...b, status: 'suspended' as const })) }),
      'loses',
    ],
    ['they are taken out', s => ({ ...s, people: s.people.filter(p => p.id !== 'anna') }), 'loses'],
    ['a rule forbids it', s => ({ ...s, people: s.people.map(p => ({ ...p, roles: [...p.roles, 'shut'] })) }), 'loses'],
    ['the point goes', s => ({ ...s, accessPoints: s.accessPoints.filter(a => a.id !== 'medicines') }), 'loses'],
    [
      'today becomes a holiday',
      s => ({ ...s, calendars: [{ id: 'holidays', name: 'H', days: [{ date: '2026-06-10' }] }] }),
      'loses',
    ],
  ])('lose when %s', (_, change, effect) => {
    const shut = { id: 'shut', name: 'Shut', rights: [{ zone: 'ward', schedule: 'always', effect: 'deny' as const }] }
    const site = askedSite()
    const found = changesOf(change({ ...site, roles: [...site.roles, shut] }), 'anna', AT + HOUR)
    expect(found.find(c => c.accessPoint.id === 'medicines')).toMatchObject({ effect, from: AT, now: true })
  })

  it.each([
    ['end', { validUntil: '2026-06-10T08:30:00Z' }, { effect: 'loses', from: AT + HOUR / 2, now: false }],
    ['begin', { validFrom: '2026-06-10T08:30:00Z' }, { effect: 'loses', from: AT, now: true }],
  ])('lose what lies outside their contract, where that would %s within the shift', (_, dates, expected) => {
    const site = askedSite()
    const after = { ...site, people: site.people.map(p => (p.id === 'anna' ? { ...p, ...dates } : p)) }
    expect(changesOf(after, 'anna', AT + HOUR)).toMatchObject([
      { accessPoint: { id: 'medicines' }, ...expected },
      { accessPoint: { id: 'ward-door' }, ...expected },
    ])
  })

  it('gain what a new point gives', () => {
    const site = askedSite()
    const door = { ...site.accessPoints[2]!, id: 'new-door', name: 'New door', device: 'door-9' }
    const after = { ...site, accessPoints: [...site.accessPoints, door] }
    expect(changesOf(after, 'anna', AT + HOUR)).toEqual([
      {
        person: named2('anna', 'Anna'),
        accessPoint: named2('new-door', 'New door'),
        effect: 'gains',
        from: AT,
        now: true,
      },
    ])
  })
})

function named2(id: string, name: string) {
  return { id, name }
}
