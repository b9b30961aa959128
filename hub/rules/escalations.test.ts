/** Which plan counts for an incident. */
import { expect, it } from 'vitest'
import type { Escalation } from '../access/site-alerting.ts'
import { escalationOf } from './escalations.ts'

const ABOVE: Readonly<Record<string, readonly string[]>> = {
  drugs: ['drugs', 'ward', 'house'],
  ward: ['ward', 'house'],
}
const above = (zone: string): readonly string[] => ABOVE[zone] ?? [zone]
const plan = (id: string, more: Partial<Escalation> = {}): Escalation => ({
  ...{ id, name: id, steps: [{ afterMinutes: 2, to: { logins: [id] } }] },
  ...more,
})
const chosen = (zone: string | undefined, kind: 'tamper' | 'battery-low', ...plans: Escalation[]): string => {
  const { to } = escalationOf({ kind, ...(zone !== undefined && { zone }) }, plans, above).steps[0]!
  return 'logins' in to ? to.logins.join() : 'built in'
}

it('the plan of the nearest zone counts, then the one that names the kind, then the first by its id', () => {
  const house = plan('house', { zones: ['house'] })
  const ward = plan('ward', { zones: ['ward'] })
  const all = plan('all')
  const batteries = plan('batteries', { kinds: ['battery-low'] })
  expect(chosen('drugs', 'tamper', all, house, ward)).toBe('ward')
  expect(chosen('drugs', 'tamper', all, house)).toBe('house')
  expect(chosen('garden', 'tamper', all, house, ward)).toBe('all')
  expect(chosen('garden', 'battery-low', all, batteries)).toBe('batteries')
  expect(chosen('garden', 'tamper', batteries, house)).toBe('built in')
  expect(chosen('ward', 'battery-low', batteries, ward)).toBe('ward')
  expect(chosen('ward', 'tamper', plan('b'), plan('a'))).toBe('a')
  expect(chosen(undefined, 'tamper', ward, all)).toBe('all')
  expect(chosen(undefined, 'tamper', ward)).toBe('built in')
})

it('steps are told after so many minutes; what a plan leaves out is from warning on, three times', () => {
  expect(escalationOf({ kind: 'tamper' }, [plan('a')], above)).toEqual({
    ...{ from: 'warning', rounds: 3, againMs: 600_000 },
    steps: [{ afterMs: 120_000, to: { logins: ['a'] } }],
  })
  expect(
    escalationOf({ kind: 'tamper' }, [plan('a', { from: 'info', rounds: 1, againAfterMinutes: 1 })], above),
  ).toMatchObject({
    ...{ from: 'info', rounds: 1, againMs: 60_000 },
  })
})
