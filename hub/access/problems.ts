/** A problem of a site, and what several checks have in common. */
import { EXPECTED } from './expected.ts'

/** Where (a JSON pointer) and what should stand there. Never quotes what stands there now. */
export interface Problem {
  readonly pointer: string
  readonly expected: string
}
export type Found = Generator<Problem>

export const idsOf = (list: readonly { readonly id: string }[]): ReadonlySet<string> =>
  new Set(list.map(item => item.id))

/** `field` of each item, at `/path/index/field`, may come once. */
export function* repeated<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  path: string,
  field: string,
  expected: string = EXPECTED.unused,
): Found {
  const seen = new Set<string>()
  for (const [i, item] of list.entries()) {
    const key = keyOf(item)
    if (seen.has(key)) yield { pointer: `/${path}/${i}/${field}`, expected }
    seen.add(key)
  }
}

/** A list of ids: each one known, none twice. */
export function* references(
  ids: readonly string[],
  pointer: string,
  known: { has(id: string): boolean },
  expected: string,
): Found {
  const seen = new Set<string>()
  for (const [i, id] of ids.entries()) {
    if (!known.has(id)) yield { pointer: `${pointer}/${i}`, expected }
    else if (seen.has(id)) yield { pointer: `${pointer}/${i}`, expected: EXPECTED.unused }
    seen.add(id)
  }
}

/** Spans of one kind, each from a line of the file: the later line of two that overlap is told, once. `to` is exclusive. */
export function* overlaps(
  spans: readonly { readonly from: number; readonly to: number; readonly line: number }[],
  pointer: string,
  expected: string,
): Found {
  const told = new Set<number>()
  let widest: (typeof spans)[number] | undefined
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    if (widest && span.from < widest.to) told.add(Math.max(span.line, widest.line))
    if (!widest || span.to > widest.to) widest = span
  }
  for (const line of told) yield { pointer: `${pointer}/${line}`, expected }
}
