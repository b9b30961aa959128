import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joined, listsOf, noRules, type RuleTable, withRule } from './rule-table.ts'
import type { SnapshotRule } from './snapshot.ts'

const POINTS = 300
const rule = (role: string, right: number): SnapshotRule => ({
  role,
  right,
  timetable: { weekly: [], special: [], overnight: 0 },
})
const tableOf = (role: string, rights: readonly (readonly number[])[]): RuleTable =>
  rights.reduce((table, points, right) => withRule(table, rule(role, right), points), noRules(POINTS))
const words = (table: RuleTable) => listsOf(table).map(rules => rules?.map(r => `${r.role}/${r.right}`).join() ?? '')

test('without rules there is nothing at any point', () => {
  expect(listsOf(noRules(3))).toEqual([undefined, undefined, undefined])
})

test('points under the same rules share one list, whatever is joined', () => {
  const table = joined(tableOf('a', [[0, 1, 2], [1]]), tableOf('b', [[1, 2, 3]]))
  expect(words(table).slice(0, 5)).toEqual(['a/0', 'a/0,a/1,b/0', 'a/0,b/0', 'b/0', ''])
  const lists = listsOf(joined(table, tableOf('c', [[4, 5]])))
  expect(lists[4]).toBe(lists[5])
})

test('nothing joined to a table, or a table to nothing, is that table', () => {
  const table = tableOf('a', [[0]])
  expect(joined(table, noRules(POINTS))).toBe(table)
  expect(joined(noRules(POINTS), table)).toBe(table)
})

test('any two tables join point by point', () => {
  const rights = fc.array(fc.uniqueArray(fc.nat(POINTS - 1), { maxLength: 20 }), { maxLength: 6 })
  fc.assert(
    fc.property(rights, rights, (first, second) => {
      const [a, b] = [tableOf('a', first), tableOf('b', second)]
      const both = words(a).map((word, point) => [word, words(b)[point]!].filter(w => w !== '').join())
      expect(words(joined(a, b))).toEqual(both)
    }),
    { numRuns: 50 },
  )
})

test('so do tables in which every point has a list of its own', () => {
  const each = (role: string) =>
    tableOf(
      role,
      Array.from({ length: POINTS }, (_, point) => [point]),
    )
  const table = joined(each('a'), each('b'))
  expect(each('a').lists.length * each('b').lists.length).toBeGreaterThan(65_536)
  expect(words(table)).toEqual(Array.from({ length: POINTS }, (_, point) => `a/${point},b/${point}`))
})
