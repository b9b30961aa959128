import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivalTasks, departureTasks, doneByNow, isDue, isSeen, type Standing } from './movements.ts'

const NOTHING: Standing = { badges: 0, grants: 0, accounts: 0 }
const looked = (tasks: ReturnType<typeof arrivalTasks>, more = {}) => ({
  ...{ at: 1_000, filedAt: 100, roles: ['nurse'], open: tasks },
  ...more,
})

describe('an arrival', () => {
  const tasks = arrivalTasks(1_000, { account: true, equipment: ['Casier', 'Téléphone'], tasks: ['Visite'] })

  it('is a list of tasks, all due on its day', () => {
    expect(tasks.map(t => [t.id, t.kind, t.label])).toEqual([
      ['person', 'person', undefined],
      ['badge', 'badge', undefined],
      ['account', 'account', undefined],
      ['equipment-1', 'equipment', 'Casier'],
      ['equipment-2', 'equipment', 'Téléphone'],
      ['other-1', 'other', 'Visite'],
    ])
    expect(new Set(tasks.map(t => t.dueAt))).toEqual(new Set([1_000]))
    expect(arrivalTasks(1, { account: false, equipment: [], tasks: [] }).map(t => t.kind)).toEqual(['person', 'badge'])
  })

  it.each([
    ['nothing of nobody', NOTHING, []],
    ['the person with another role', { ...NOTHING, roles: ['guard'] }, []],
    ['the person with more than that', { ...NOTHING, roles: ['guard', 'nurse'] }, ['person']],
    ['somebody who has left before', { ...NOTHING, roles: ['nurse'], overSince: 50 }, []],
    ['a badge', { ...NOTHING, roles: ['nurse'], badges: 1 }, ['person', 'badge']],
    ['an account', { ...NOTHING, roles: ['nurse'], accounts: 1 }, ['person', 'account']],
  ] as const)('sees %s', (_, standing, done) => {
    expect(doneByNow(looked(tasks), standing, 500)).toEqual(done)
  })
})

describe('a departure', () => {
  const tasks = departureTasks(1_000, { badges: 2, equipment: ['Casier'] })
  const gone = { ...NOTHING, roles: ['nurse'], overSince: 400 }

  it('is the same backwards: badges and things come back, then everything ends', () => {
    expect(tasks.map(t => [t.id, t.kind])).toEqual([
      ['return-1', 'return'],
      ['return-2', 'return'],
      ['equipment-1', 'equipment'],
      ['rights', 'rights'],
    ])
  })

  it.each([
    ['who is still there', { ...NOTHING, roles: ['nurse'], badges: 1 }, 2_000, []],
    ['who left before the day, after it was filed', gone, 500, ['rights']],
    ['who had left before it was filed, and comes back', { ...gone, overSince: 50 }, 500, []],
    ['the same, once the day is there', { ...gone, overSince: 50 }, 1_000, ['rights']],
    ['whose account goes on', { ...gone, accounts: 1 }, 2_000, []],
    ['whose grant goes on', { ...gone, grants: 1 }, 2_000, []],
    ['who is not in the site yet', NOTHING, 500, []],
    ['who never came', NOTHING, 1_000, ['rights']],
  ] as const)('of somebody %s', (_, standing, now, done) => {
    expect(doneByNow(looked(tasks), standing, now)).toEqual(done)
  })

  it('is carried out once, at its minute; an arrival never is', () => {
    const one = { direction: 'departure', at: 1_000, carriedOutAt: null } as const
    expect([isDue(one, 999), isDue(one, 1_000), isDue({ ...one, carriedOutAt: 1_000 }, 2_000)]).toEqual([
      false,
      true,
      false,
    ])
    expect(isDue({ ...one, direction: 'arrival' }, 2_000)).toBe(false)
  })
})

it('nobody’s rights are called ended while anything of theirs opens, whatever the day', () => {
  const standing = fc.record({
    roles: fc.constant(['nurse']),
    badges: fc.nat(2),
    grants: fc.nat(2),
    accounts: fc.nat(2),
    overSince: fc.nat(3_000),
  })
  fc.assert(
    fc.property(standing, fc.nat(3_000), fc.nat(3_000), (known, now, filedAt) => {
      const open = departureTasks(1_000, { badges: 0, equipment: [] })
      const done = doneByNow(looked(open, { filedAt }), known, now)
      return done.length === 0 || known.badges + known.grants + known.accounts === 0
    }),
  )
})

it('only what can’t be seen is ticked off by hand', () => {
  const kinds = ['person', 'badge', 'account', 'rights', 'return', 'equipment', 'other'] as const
  expect(kinds.filter(isSeen)).toEqual(['person', 'badge', 'account', 'rights'])
})
