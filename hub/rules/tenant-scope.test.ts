import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GRANT_ORIGINS } from '../access/grants.ts'
import { reachOf } from '../access/places.ts'
import { CLASSES, type PointClass } from '../access/site-classes.ts'
import { GUARDED_KINDS, type VigieEvent } from '../events.ts'
import {
  mayName,
  placesOf,
  ScopeCheck,
  TENANT_KINDS,
  type TenantScope,
  tellsTenant,
  unknownIn,
  type Wish,
} from './tenant-scope.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const SITE = {
  zones: [
    { id: 'house' },
    { id: 'ward', parent: 'house' },
    { id: 'room', parent: 'ward' },
    { id: 'hall', parent: 'house' },
  ],
  accessPoints: [
    { id: 'ward-door', zone: 'ward', class: 'door' as const },
    { id: 'room-cabinet', zone: 'room', class: 'medicines' as const },
    { id: 'room-safe', zone: 'room', class: 'controlled-drugs' as const },
    { id: 'hall-door', zone: 'hall', class: 'door' as const },
  ],
  people: [
    { id: 'anna', roles: ['nurse'] },
    { id: 'carl', roles: ['technician'] },
  ],
  roles: [{ id: 'nurse' }, { id: 'technician' }],
  badges: [{ uid: '04A2B3C4' }],
}
const SCOPE: TenantScope = {
  zones: ['ward'],
  accessPoints: ['hall-door'],
  classes: ['door', 'medicines'],
  origins: ['appointment', 'shift'],
  longestMs: 8 * HOUR,
  aheadMs: 48 * HOUR,
  mostGrants: 10,
  people: { roles: ['nurse'], ids: [] },
  events: ['access.granted', 'grant.issued', 'grant.revoked', 'device.offline'],
  webhooks: false,
}
const WISH: Wish = {
  person: 'anna',
  origin: 'appointment',
  target: { accessPoint: 'ward-door' },
  from: NOW,
  until: NOW + HOUR,
}
const outside = (over: Partial<Wish>, scope: Partial<TenantScope> = {}) =>
  new ScopeCheck({ ...SCOPE, ...scope }, SITE).outside({ ...WISH, ...over }, NOW)?.field

describe('what an application may grant', () => {
  it.each<[string, Partial<Wish>]>([
    ['a door of a zone of its own', {}],
    ['a cabinet of a zone below', { target: { accessPoint: 'room-cabinet' } }],
    ['a door that is named', { target: { accessPoint: 'hall-door' } }],
    ['classes of a zone', { target: { zone: 'room', classes: ['medicines'] } }],
    ['exactly as long as it may', { until: NOW + 8 * HOUR }],
    ['a reference that only begins like a name', { reference: 'anna2' }],
  ])('is %s', (_, over) => {
    expect(outside(over)).toBeUndefined()
  })

  it('is a shift without a place', () => {
    const { target: _, ...rest } = WISH
    expect(new ScopeCheck(SCOPE, SITE).outside({ ...rest, origin: 'shift' }, NOW)).toBeUndefined()
    expect(
      new ScopeCheck({ ...SCOPE, origins: ['appointment'] }, SITE).outside({ ...rest, origin: 'shift' }, NOW),
    ).toEqual({
      ...{ field: '/origin', expected: 'origin' },
    })
  })

  it.each<[string, Partial<Wish>, string]>([
    ['a safe in a zone of its own', { target: { accessPoint: 'room-safe' } }, '/classes'],
    ['the zone above', { target: { zone: 'house', classes: ['door'] } }, '/zone'],
    ['a zone with whatever will be there', { target: { zone: 'ward' } }, '/classes'],
    ['a class everywhere', { target: { classes: ['door'] } }, '/zone'],
    ['somebody else', { person: 'carl' }, '/person'],
    ['nobody', { person: 'zoe' }, '/person'],
    ['a minute too long', { until: NOW + 8 * HOUR + 60_000 }, '/until'],
    ['a minute too far ahead', { from: NOW + 47 * HOUR, until: NOW + 48 * HOUR + 60_000 }, '/until'],
    ['a person in the reference', { reference: 'rdv.ANNA' }, '/reference'],
    ['a badge in the reference', { reference: '04a2b3c4:1' }, '/reference'],
  ])('is not %s', (_, over, field) => {
    expect(outside(over)).toBe(field)
  })

  it('reaches no point outside, whatever it asks for', () => {
    const classes = Object.keys(CLASSES) as PointClass[]
    const named = <P extends { readonly id: string }>(one: P) => ({ ...one, name: one.id, device: 'd', point: 'p' })
    const reach = reachOf({ zones: SITE.zones.map(named), accessPoints: SITE.accessPoints.map(named) })
    const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
    const scopes = fc.record({
      zones: fc.uniqueArray(fc.constantFrom('house', 'ward', 'room', 'hall')),
      accessPoints: fc.uniqueArray(fc.constantFrom(...SITE.accessPoints.map(p => p.id))),
      classes: fc.uniqueArray(fc.constantFrom(...classes)),
    })
    const targets = fc.record({
      zone: maybe(fc.constantFrom('house', 'ward', 'room', 'hall', 'moon')),
      accessPoint: maybe(fc.constantFrom(...SITE.accessPoints.map(p => p.id), 'vault')),
      classes: maybe(fc.uniqueArray(fc.constantFrom(...classes), { minLength: 1 })),
    })
    fc.assert(
      fc.property(scopes, targets, fc.constantFrom(...GRANT_ORIGINS), (places, given, origin) => {
        const scope: TenantScope = { ...SCOPE, ...places, origins: [...GRANT_ORIGINS] }
        const target = Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined))
        if (new ScopeCheck(scope, SITE).outside({ ...WISH, target, origin }, NOW)) return
        const reached = reach(target).map(i => SITE.accessPoints[i]!)
        const { points } = placesOf(scope, SITE)
        expect(reached.filter(p => !points.has(p.id) || !scope.classes.includes(p.class))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('whom it may name', () => {
  it('is who has one of the roles, or is named, or everyone', () => {
    const anna = SITE.people[0]!
    expect(mayName({ people: { roles: ['nurse'], ids: [] } }, anna)).toBe(true)
    expect(mayName({ people: { roles: [], ids: ['anna'] } }, anna)).toBe(true)
    expect(mayName({ people: { roles: ['technician'], ids: ['carl'] } }, anna)).toBe(false)
    expect(mayName({ people: { roles: [], ids: [] } }, undefined)).toBe(false)
    expect(mayName({ people: 'everyone' }, anna)).toBe(true)
  })
})

describe('what it is told', () => {
  const tells = (event: object): boolean =>
    tellsTenant(event as VigieEvent, SCOPE, placesOf(SCOPE, SITE), 'tenant:planning')

  it('lies in its places, and is of a kind it asked for', () => {
    expect(tells({ kind: 'access.granted', zone: 'room', accessPoint: 'room-safe' })).toBe(true)
    expect(tells({ kind: 'access.granted', accessPoint: 'hall-door' })).toBe(true)
    expect(tells({ kind: 'access.granted', zone: 'hall', accessPoint: 'other' })).toBe(false)
    expect(tells({ kind: 'access.denied', zone: 'room' })).toBe(false)
    expect(tells({ kind: 'device.offline', device: 'd' })).toBe(false)
  })

  it('is of grants only its own, wherever they are', () => {
    expect(tells({ kind: 'grant.issued', zone: 'ward', by: 'tenant:clinical' })).toBe(false)
    expect(tells({ kind: 'grant.issued', zone: 'ward', by: 'o-1' })).toBe(false)
    expect(tells({ kind: 'grant.revoked', by: 'tenant:planning' })).toBe(true)
  })

  it('is never what is said under duress, nor of operators, nor readings of the journal', () => {
    const kinds = TENANT_KINDS as readonly string[]
    for (const kind of GUARDED_KINDS) expect(kinds).not.toContain(kind)
    expect(kinds.filter(k => /^(operator|token|tenant|webhook|journal|privacy|backup|rights)\./.test(k))).toEqual([])
  })
})

describe('a scope', () => {
  it('names what there is', () => {
    expect(unknownIn(SCOPE, SITE)).toBeUndefined()
    expect(unknownIn({ ...SCOPE, zones: ['moon'] }, SITE)?.field).toBe('/scope/zones')
    expect(unknownIn({ ...SCOPE, people: { roles: ['king'], ids: [] } }, SITE)?.field).toBe('/scope/people/roles')
    expect(unknownIn({ ...SCOPE, people: 'everyone' }, SITE)).toBeUndefined()
  })

  it('that became narrower leaves standing what it would allow, whatever its times', () => {
    const check = new ScopeCheck({ ...SCOPE, longestMs: 60_000 }, SITE)
    expect(check.stands(WISH)).toBe(true)
    expect(check.stands({ ...WISH, target: { accessPoint: 'room-safe' } })).toBe(false)
  })
})
