/**
 * Rules by point, kept small: points that are under the same rules name the same list by number. Joining two tables is a
 * look-up by a pair of numbers; a site has thousands of pairs of point and profile, and few different lists.
 */
import type { SnapshotRule } from './snapshot.ts'

export type Rules = readonly SnapshotRule[] | undefined

export interface RuleTable {
  /** The first one is for points without a rule. */
  readonly lists: readonly Rules[]
  /** By the index of the point. */
  readonly at: Uint32Array
}

export const noRules = (points: number): RuleTable => ({ lists: [undefined], at: new Uint32Array(points) })

const isEmpty = (table: RuleTable): boolean => table.lists.length === 1

/** At each point the rules of the first, then those of the second. */
export function joined(first: RuleTable, second: RuleTable): RuleTable {
  if (isEmpty(second)) return first
  if (isEmpty(first)) return second
  const lists: Rules[] = [undefined]
  const places = pairs(first.lists.length * second.lists.length)
  const at = new Uint32Array(first.at.length)
  for (let point = 0; point < at.length; point++) {
    const [a, b] = [first.at[point]!, second.at[point]!]
    const pair = a * second.lists.length + b
    if (pair === 0) continue
    const place = places[pair] || lists.push(concat(first.lists[a], second.lists[b])) - 1
    places[pair] = place
    at[point] = place
  }
  return { lists, at }
}

/** Where the list of a pair stands; 0 or nothing where it has none yet. Sparse where there are very many pairs. */
const pairs = (count: number): Uint32Array | number[] => (count <= MANY_PAIRS ? new Uint32Array(count) : [])
const MANY_PAIRS = 65_536

function concat(first: Rules, second: Rules): Rules {
  if (first === undefined || second === undefined) return first ?? second
  return [...first, ...second]
}

/** One more rule at some points. */
export function withRule(table: RuleTable, rule: SnapshotRule, points: readonly number[]): RuleTable {
  const at = new Uint32Array(table.at.length)
  for (const index of points) at[index] = 1
  return joined(table, { lists: [undefined, [rule]], at })
}

/** As a profile holds them: by the index of the point. */
export function listsOf({ lists, at }: RuleTable): readonly Rules[] {
  const rules = new Array<Rules>(at.length).fill(undefined)
  for (let point = 0; point < at.length; point++) rules[point] = lists[at[point]!]
  return rules
}
