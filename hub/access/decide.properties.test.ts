import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  anyBadge,
  anyGrants,
  anyRows,
  anySite,
  deny,
  id,
  lockdownRow,
  plainBadge,
  plainRight,
  plainSite,
} from '../test/any-site.ts'
import { naive } from '../test/naive-rights.ts'
import { pseudonymsOf, smallSite } from '../test/small-site.ts'
import { HOUR, NOON } from '../test/ward-site.ts'
import { compile } from './compile.ts'
import { consequences } from './consequences.ts'
import { decide } from './decide.ts'
import type { AccessRequest, Decision } from './decision.ts'
import type { Grant } from './grants.ts'
import { REASONS } from './reasons.ts'
import type { Site } from './site.ts'
import { applied, CALM, type Situations } from './situations.ts'
import type { Snapshot } from './snapshot.ts'

const snapshotOf = (s: Site, grants: readonly Grant[] = []): Snapshot =>
  compile(s, 7, pseudonymsOf(s), grants, NOON - 24 * HOUR)
const clone = <T>(value: T): T => structuredClone(value)
const RUNS = { numRuns: 200 }

/** Site, grants, what is going on, and badges held: everything a decision is made of. */
const world = fc.record({
  site: anySite,
  grants: anyGrants,
  rows: anyRows,
  requests: fc.array(anyBadge, { minLength: 10, maxLength: 30 }),
})
type World = typeof world extends fc.Arbitrary<infer W> ? W : never
const made = ({ site, grants, rows }: World) => ({
  snapshot: snapshotOf(site, grants),
  situations: applied(CALM, rows),
})

const decideAll = (w: World, requests = w.requests): Decision[] => {
  const { snapshot, situations } = made(w)
  return requests.map(r => decide(snapshot, situations, r))
}
/** Not true for want of cases. */
const often = (count: number) => expect(count).toBeGreaterThan(20)

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of value instanceof Map ? value.values() : Object.values(value)) deepFrozen(part)
  return value
}

describe('whatever the site, the situation and the badge', () => {
  test('a decision depends on its arguments alone', () => {
    fc.assert(
      fc.property(world, w => {
        const { snapshot, situations } = made(w)
        const forwards = w.requests.map(r => decide(snapshot, situations, r))
        const backwards = w.requests.toReversed().map(r => decide(snapshot, situations, r))
        expect(backwards.reverse()).toEqual(forwards)
        expect(decideAll(clone(w))).toEqual(forwards)
      }),
    )
  })

  test('a decision, and what follows from it, alters nothing', () => {
    fc.assert(
      fc.property(world, w => {
        const { snapshot, situations } = made(w)
        const shown = () => clone([snapshot.points, snapshot.people, snapshot.grants, situations])
        const before = shown()
        const frozen = deepFrozen(w.requests)
        for (const part of [snapshot.policy, ...snapshot.people.values(), ...snapshot.credentials.values()])
          deepFrozen(part)
        for (const rows of Object.values(situations)) for (const row of rows.values()) deepFrozen(row)
        for (const r of frozen)
          consequences(snapshot, situations, r, decide(snapshot, situations, r), { id: 'e', confirmsPassage: true })
        expect(shown()).toEqual(before)
      }),
    )
  })

  test('adding a deny never grants more', () => {
    let refusals = 0
    fc.assert(
      fc.property(world, deny, deny, (w, one, two) => {
        const strict = clone(w)
        for (const role of strict.site.roles) role.rights.push({ ...one, schedule: 'hours-0' }, two)
        const before = decideAll(w)
        for (const [i, after] of decideAll(strict).entries()) {
          if (after.granted) expect(before[i]!.granted).toBe(true)
          if (after.reason === 'denied-by-rule' && before[i]!.granted) refusals++
        }
      }),
      RUNS,
    )
    often(refusals)
  })

  test('a lockdown never grants more', () => {
    let refusals = 0
    fc.assert(
      fc.property(world, lockdownRow, (w, added) => {
        const before = decideAll({ ...w, rows: w.rows.filter(r => r.key !== added.key) })
        for (const [i, after] of decideAll({ ...w, rows: [...w.rows, added] }).entries()) {
          if (after.granted) expect(before[i]!.granted).toBe(true)
          if (after.reason === 'lockdown' && before[i]!.granted) refusals++
        }
      }),
      RUNS,
    )
    often(refusals)
  })

  test('a grant opens from its first to before its last millisecond, and never beyond', () => {
    let opened = 0
    const grantsAlone = world.map(w => {
      const site = clone(w.site)
      for (const person of site.people) person.roles = []
      return { ...w, site }
    })
    fc.assert(
      fc.property(grantsAlone, w => {
        for (const [i, decision] of decideAll(w).entries()) {
          if (!decision.granted) continue
          expect(decision.via.kind).toBe('grant')
          const id = decision.via.kind === 'grant' ? decision.via.grant : ''
          const { from, until, person } = w.grants.find(g => g.id === id)!
          expect(w.requests[i]!.at).toBeGreaterThanOrEqual(from)
          expect(w.requests[i]!.at).toBeLessThan(until)
          expect(decision.person).toBe(person.replace('human', 'person'))
          opened++
        }
      }),
      RUNS,
    )
    often(opened)
  })

  test('a grant that is over, or that is somebody else’s, might as well not be there', () => {
    fc.assert(
      fc.property(world, w => {
        const at = Math.max(...w.requests.map(r => r.at))
        const over = w.grants.map(g => ({ ...g, until: Math.min(...w.requests.map(r => r.at)) }))
        const opens = (grants: Grant[]) => decideAll({ ...w, grants }).map(d => d.granted)
        expect(opens(over)).toEqual(opens([]))
        expect(opens(w.grants.map(g => ({ ...g, from: at + 1, until: at + HOUR })))).toEqual(opens([]))
      }),
    )
  })

  test('duress changes nothing of a decision but that it is told', () => {
    let told = 0
    fc.assert(
      fc.property(world, w => {
        const calm = decideAll(
          w,
          w.requests.map(r => (r.pin === 'duress' ? { ...r, pin: 'right' } : r)),
        )
        for (const [i, decision] of decideAll(w).entries()) {
          const { duress, ...rest } = decision
          const { duress: _, ...plain } = calm[i]!
          expect(rest).toEqual(plain)
          if (w.requests[i]!.pin === 'duress' && decision.person !== undefined) expect(duress).toBe(true)
          if (duress) told++
        }
      }),
      RUNS,
    )
    often(told)
  })

  test('break-glass opens only with an active, valid badge that nothing forbids, and no other door of the man-trap open', () => {
    let opened = 0
    fc.assert(
      fc.property(world, w => {
        const { snapshot, situations } = made(w)
        for (const r of w.requests.map(q => ({ ...q, breakGlass: true, statedReason: 'fire' }) as const)) {
          const decision = decide(snapshot, situations, r)
          if (!decision.granted) continue
          opened++
          expect(decision.via.kind).toBe('break-glass')
          const plain = decide(snapshot, { ...CALM, pin: situations.pin }, { ...r, breakGlass: false as never })
          expect(plain.reason).not.toMatch(/^(badge-|person-|denied-by-rule|pin-(wrong|locked|unset))/)
          for (const door of snapshot.points.get(`${r.device}/${r.point}`)!.interlocked) {
            const row = situations.door.get(door)
            expect(row?.open === true || (row?.releasedUntil ?? 0) > r.at).toBe(false)
          }
        }
      }),
      RUNS,
    )
    often(opened)
  })

  test('a badge that is not active, or not valid at the time, never opens', () => {
    let opened = 0
    fc.assert(
      fc.property(world, w => {
        const decisions = decideAll(w)
        for (const [i, r] of w.requests.entries()) {
          if (!decisions[i]!.granted) continue
          const badge = w.site.badges.find(b => b.uid === r.uid)!
          const person = w.site.people.find(p => p.id === badge.person)!
          opened++
          expect(badge.status).toBe('active')
          for (const { validFrom, validUntil } of [badge, person]) {
            if (validFrom) expect(r.at).toBeGreaterThanOrEqual(Date.parse(validFrom))
            if (validUntil) expect(r.at).toBeLessThan(Date.parse(validUntil))
          }
        }
      }),
      RUNS,
    )
    often(opened)
  })
})

/** Badges one after the other, each with what followed from those before it. */
function* life(w: World): Generator<{ request: AccessRequest; decision: Decision; before: Situations }> {
  const snapshot = snapshotOf(w.site, w.grants)
  let situations = applied(CALM, w.rows)
  for (const [i, drawn] of w.requests.entries()) {
    const request = { ...drawn, at: NOON + 1_000 * i }
    const decision = decide(snapshot, situations, request)
    yield { request, decision, before: situations }
    const circumstances = { id: `e-${i}`, confirmsPassage: i % 2 === 0 }
    situations = applied(situations, consequences(snapshot, situations, request, decision, circumstances).changes)
  }
}

describe('over any sequence of badges', () => {
  const sequence = fc.record({
    site: anySite,
    grants: anyGrants,
    rows: anyRows,
    requests: fc.array(anyBadge, { minLength: 30, maxLength: 60 }),
  })

  test('witness and holder are never the same person, and the witness holds the badge at the reader', () => {
    let together = 0
    const twoOften = sequence.map(w => {
      const site = clone(w.site)
      for (const role of site.roles)
        role.rights.push({
          accessPoint: 'point-3',
          schedule: 'hours-0',
          requires: { witness: { role: 'role-0', withinS: 30 } },
        })
      return { ...w, site, requests: w.requests.map((r, i) => ({ ...r, point: i % 2 ? 'drawer-3' : r.point })) }
    })
    fc.assert(
      fc.property(twoOften, w => {
        for (const { request, decision, before } of life(w)) {
          if (!decision.granted || decision.witness === undefined) continue
          together++
          expect(decision.witness).not.toBe(decision.person)
          const holder = Number(request.uid.at(-1)) % 4
          expect(decision.witness).toBe(`person-${holder}`)
          expect(before.witness.get(`${request.device}/${request.point}`)).toMatchObject({
            person: decision.person,
            credential: decision.credential,
          })
        }
      }),
      RUNS,
    )
    often(together)
  })

  test('nobody breaks the glass more often in 24 h than the policy allows', () => {
    let begun = 0
    const emergencies = sequence.map(w => ({
      ...w,
      requests: w.requests.map(r => ({ ...r, breakGlass: true, statedReason: 'fire' }) as const),
    }))
    fc.assert(
      fc.property(emergencies, w => {
        const count = new Map<string, number>()
        for (const { decision } of life({ ...w, rows: [] })) {
          if (!decision.granted || decision.via.kind !== 'break-glass' || !decision.via.begins) continue
          begun++
          count.set(decision.person, (count.get(decision.person) ?? 0) + 1)
        }
        for (const times of count.values()) expect(times).toBeLessThanOrEqual(3)
      }),
      RUNS,
    )
    often(begun)
  })
})

describe('with roles and hours alone', () => {
  const plain = fc.array(plainBadge, { minLength: 10, maxLength: 30 })

  test('adding a right never takes a grant away', () => {
    let grants = 0
    fc.assert(
      fc.property(plainSite, fc.nat(2), plainRight, plain, (less, role, added, requests) => {
        const more = clone(less)
        more.roles[role]!.rights.push(added)
        const [few, many] = [snapshotOf(less), snapshotOf(more)]
        for (const r of requests) {
          if (decide(few, CALM, r).granted) expect(decide(many, CALM, r).granted).toBe(true)
          if (decide(many, CALM, r).granted) grants++
        }
      }),
      RUNS,
    )
    often(grants)
  })

  test('adding a role to a person never takes a grant away', () => {
    fc.assert(
      fc.property(plainSite, fc.nat(3), id('role', 3), plain, (less, person, role, requests) => {
        const more = clone(less)
        more.people[person]!.roles.push(role)
        const [few, many] = [snapshotOf(less), snapshotOf(more)]
        for (const r of requests) if (decide(few, CALM, r).granted) expect(decide(many, CALM, r).granted).toBe(true)
      }),
    )
  })

  test('grants exactly what the file says, read naively', () => {
    let grants = 0
    fc.assert(
      fc.property(plainSite, plain, (s, requests) => {
        const snapshot = snapshotOf(s)
        for (const r of requests) {
          const { granted } = decide(snapshot, CALM, r)
          expect(granted).toBe(naive(s, r))
          if (granted) grants++
        }
      }),
      RUNS,
    )
    often(grants)
  })
})

const weird = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'device', 'drawer-0', '04AA0000', '0'.repeat(5_000)),
)
const weirdTime = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, 1e300, NOON))

test('never throws, and grants no one unknown, on any strings and any time', () => {
  const open = smallSite()
  open.roles[0]!.rights = [{ zone: 'ward', schedule: 'always' }]
  const snapshot = snapshotOf(open)
  fc.assert(
    fc.property(weird, weird, weird, weirdTime, anyBadge, (device, point, uid, at, asked) => {
      const request = { ...asked, device, point, uid, at }
      const decision = decide(snapshot, CALM, request)
      consequences(snapshot, CALM, request, decision, { id: 'e', confirmsPassage: false })
      expect(Object.keys(REASONS)).toContain(decision.reason)
      const known = (device === 'door-1' && point === 'door') || (device === 'cabinet-1' && /^drawer-[12]$/.test(point))
      if (decision.granted) expect(known && /^04AA000[1-6]$/i.test(uid)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
