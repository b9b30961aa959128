import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SituationChange } from '../ports.ts'
import { NOON, Stage } from '../test/stage.ts'
import { grantsAt, revisionAt, siteAt, timeOfRevision } from './past.ts'
import { type Registry, type RegistryChanges, readChanges, readRegistry } from './registry.ts'
import { type ItemKind, items, revision } from './site.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

/** What happened, a minute after what came before. */
type Step =
  | { readonly what: 'put' | 'withdraw'; readonly kind: ItemKind; readonly id: string; readonly n: number }
  | { readonly what: 'grant' | 'revoke'; readonly id: string; readonly n: number }
  | { readonly what: 'act'; readonly id: string; readonly n: number }
  | { readonly what: 'device'; readonly id: string; readonly n: number }
  | { readonly what: 'pin'; readonly id: string; readonly n: number }

const MINUTE = 60_000
const id = fc.constantFrom('a', 'b', 'c')
const n = fc.nat(9)
const kind = fc.constantFrom<ItemKind[]>('role', 'zone', 'person', 'badge', 'calendar', 'lockdownPlan')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ what: fc.constantFrom('put', 'withdraw'), kind, id, n }),
  fc.record({ what: fc.constantFrom('grant', 'revoke', 'act', 'device', 'pin'), id, n }),
)
const rights = { kind: 'rights.changed', revision: 0, added: 0, changed: 1, removed: 0, origin: 't' } as const

function take(s: Step, at: number): void {
  const person = stage.revisionOf('person', s.id) > 0
  if (s.what === 'put' || s.what === 'withdraw') edit(s, at)
  else if (s.what === 'device') stage.op('addDevice', { at, id: `d-${s.id}`, model: 'pir', name: `${s.n}` })
  else if (s.what === 'act') act(s, at)
  else if (s.what === 'revoke') stage.op('revokeGrant', { at, id: `g-${at - s.n * MINUTE}`, event: rights })
  else if (s.what === 'grant' && person) {
    const grant = { id: `g-${at}`, person: s.id, from: at, until: at + 600 * MINUTE, origin: 'shift', by: 'o' } as const
    stage.op('issueGrant', { at, grant, event: rights })
  } else if (s.what === 'pin' && person)
    stage.op('setPin', { at, person: s.id, record: { salt: '00', hash: '11', duressHash: '22' }, event: rights })
}

function act(s: Step, at: number): void {
  const value = { since: at, until: at + s.n, by: 'o' }
  const change: SituationChange = { kind: 'lockdown', key: s.id, ...(s.n % 2 === 0 ? { value } : {}) }
  stage.op('act', { at, situations: [change], events: [] })
}

function edit({ what, kind, id, n }: Extract<Step, { what: 'put' | 'withdraw' }>, at: number): void {
  const expected = stage.revisionOf(kind, id)
  if (what === 'withdraw' && expected === 0) return
  const body = JSON.stringify({ id, name: `${kind} ${n}`, roles: [] })
  stage.op('editItem', { at, kind, id, expected, events: [rights], ...(what === 'put' ? { body } : {}) })
}

/** What a running hub makes of the changes. */
function merged(before: Registry, c: RegistryChanges): Registry {
  const put = <T>(
    list: readonly T[],
    key: (t: T) => string,
    changes: readonly (readonly [string, T | undefined])[],
  ) => {
    const map = new Map(list.map(t => [key(t), t]))
    for (const [k, value] of changes)
      if (value === undefined) map.delete(k)
      else map.set(k, value)
    return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
  }
  const itemKey = (i: { kind: string; id: string }) => `${i.kind} ${i.id}`
  const situationKey = (s: SituationChange) => `${s.kind} ${s.key}`
  return {
    revision: c.revision,
    siteId: c.siteId,
    operators: c.operators,
    items: put(
      before.items,
      itemKey,
      c.items.map(i => [itemKey(i), i.body === undefined ? undefined : { ...i, body: i.body }]),
    ),
    subjects: put(
      before.subjects,
      itemKey,
      c.subjects.map(s => [itemKey(s), s]),
    ),
    grants: put(
      before.grants,
      g => g.id,
      c.grants.map(g => [g.id, g.grant]),
    ),
    situations: put(
      before.situations,
      situationKey,
      c.situations.map(s => [situationKey(s), s.value === undefined ? undefined : s]),
    ),
    devices: c.hardware?.devices ?? before.devices,
    certificates: c.hardware?.certificates ?? before.certificates,
  }
}
/** Lists in one order. */
const ordered = (r: Registry) => merged(r, { ...r, hardware: r, items: [], subjects: [], grants: [], situations: [] })

describe('the record of the past', () => {
  it('gives every revision back as it stood, and reading only changes leads where reading everything does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.nat(24), async (steps, lookedAt) => {
        await stage.close()
        stage = await Stage.open()
        const seen = new Map<number, { registry: Registry; at: number }>()
        const look = (at: number) => seen.set(revision(stage.db), { registry: readRegistry(stage.db, at), at })
        look(NOON)
        let running: Registry | undefined
        for (const [i, s] of steps.entries()) {
          const at = NOON + (i + 1) * MINUTE
          const before = revision(stage.db)
          take(s, at)
          if (revision(stage.db) > before) look(at)
          if (i === lookedAt) running = readRegistry(stage.db, at)
        }
        for (const [rev, { registry, at }] of seen) {
          expect(siteAt(stage.db, rev)).toEqual({ revision: rev, siteId: registry.siteId, items: registry.items })
          expect([revisionAt(stage.db, at), grantsAt(stage.db, at)]).toEqual([rev, registry.grants])
          const now = readRegistry(stage.db, NOON)
          expect(ordered(merged(registry, readChanges(stage.db, rev)))).toEqual(ordered(now))
        }
        if (running) expect(merged(running, readChanges(stage.db, running.revision)).revision).toBe(revision(stage.db))
      }),
      { numRuns: 15 },
    )
  }, 120_000)

  it('knows nothing of revisions to come, and everything from the empty site on', async () => {
    expect(siteAt(stage.db, 0)).toEqual({ revision: 0, siteId: 'main', items: [] })
    expect([revisionAt(stage.db, 0), revisionAt(stage.db, NOON)]).toEqual([0, 0])
    const made = await stage.apply()
    expect(siteAt(stage.db, made)?.items).toEqual(items(stage.db))
    expect(siteAt(stage.db, made + 1)).toBeUndefined()
    expect(timeOfRevision(stage.db, made)).toBe(NOON)
    expect(revisionAt(stage.db, NOON - 1)).toBe(0)
  })

  it('shows a grant as it stood when it was used: before it was revoked, not after', async () => {
    await stage.apply()
    const used = stage.grant()
    const issued = revision(stage.db)
    stage.op('revokeGrant', { at: NOON + MINUTE, id: used.id, event: rights })
    expect(grantsAt(stage.db, NOON + 1)).toEqual([used])
    expect(grantsAt(stage.db, NOON + MINUTE)).toEqual([])
    expect(grantsAt(stage.db, NOON + MINUTE, issued)).toEqual([used])
    expect(grantsAt(stage.db, NOON - 1)).toEqual([])
    expect(grantsAt(stage.db, NOON + 100 * 24 * 60 * MINUTE, issued)).toEqual([])
  })
})

describe('reading what has changed', () => {
  it('is nothing where nothing has', async () => {
    await stage.apply()
    stage.grant()
    edit({ what: 'withdraw', kind: 'role', id: 'gardener', n: 0 }, NOON)
    const at = revision(stage.db)
    const { siteId, operators, ...changes } = readChanges(stage.db, at)
    expect(changes).toEqual({ revision: at, items: [], subjects: [], grants: [], situations: [] })
  })

  it('names the new pseudonyms of new people and badges, one or hundreds', async () => {
    await stage.apply()
    for (const count of [1, 300]) {
      const since = revision(stage.db)
      const people = Array.from({ length: count }, (_, i) => `x${count}-${i}`)
      const changes = people.map(p => ({ kind: 'person' as const, id: p, body: `{"name":"${p}","roles":["nurse"]}` }))
      stage.op('applySite', { at: NOON, base: since, changes, withdrawn: [], events: [rights] })
      const { subjects } = readChanges(stage.db, since)
      expect(subjects.map(s => [s.kind, s.id, s.label]).sort()).toEqual(people.map(p => ['person', p, p]).sort())
    }
  })

  it('brings devices and certificates only with a change of theirs', async () => {
    await stage.apply()
    const since = revision(stage.db)
    stage.grant()
    expect(readChanges(stage.db, since)).not.toHaveProperty('hardware')
    stage.op('revokeDevice', {
      at: NOON,
      id: 'door-1',
      reason: 'x',
      event: { kind: 'device.revoked', device: 'door-1' },
    })
    const { hardware } = readChanges(stage.db, since)
    expect(hardware?.devices.find(d => d.id === 'door-1')?.status).toBe('revoked')
  })
})
