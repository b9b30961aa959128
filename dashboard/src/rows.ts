/**
 * The feed's rows: newest first, one per journal number, never more than a cap. What is not in the journal yet has a number
 * below zero, stands on top, and gives way to its row. Pure.
 */
import type { LiveEvent } from './contract.ts'
import { folded } from './format.ts'
import { type Group, groupOf } from './model.ts'

export const MAX_ROWS = 2000

export interface Merged {
  readonly rows: readonly LiveEvent[]
  /** What was not there before, in the order given. */
  readonly fresh: readonly LiveEvent[]
}

/**
 * Adds events wherever their number puts them; one already there changes nothing. Above `max` the oldest leave, so an event
 * older than a full list's last row is not taken in.
 */
export function mergeRows(rows: readonly LiveEvent[], events: readonly LiveEvent[], max = MAX_ROWS): Merged {
  const replaced = new Set(events.flatMap(e => e.replaces ?? []))
  const kept = replaced.size > 0 ? rows.filter(r => !replaced.has(r.seq)) : rows
  const seen = new Set([...kept.map(r => r.seq), ...replaced])
  const fresh: LiveEvent[] = []
  for (const e of events) {
    if (seen.has(e.seq)) continue
    seen.add(e.seq)
    fresh.push(e)
  }
  if (fresh.length === 0) return { rows: kept.length < rows.length ? kept : rows, fresh }
  const all = [...fresh, ...kept].sort((a, b) => orderOf(b) - orderOf(a))
  return { rows: all.slice(0, max), fresh }
}

/** Rises from the oldest row to the newest. */
export const orderOf = ({ seq, unrecorded }: Pick<LiveEvent, 'seq' | 'unrecorded'>): number =>
  unrecorded ? ABOVE_ALL - seq : seq
/** Above any journal number, and exact with what is added to it. */
const ABOVE_ALL = 2 ** 52

export interface Filter {
  readonly group: Group
  /** Zone ids that match; empty means all. */
  readonly zones: ReadonlySet<string>
  readonly text: string
}
/** Whether a row passes. `words` gives what the row shows, so that the search finds what the eye sees. */
export function passes(e: LiveEvent, filter: Filter, words: (e: LiveEvent) => string): boolean {
  if (filter.group !== 'all' && groupOf(e.kind) !== filter.group) return false
  if (filter.zones.size > 0 && !(e.zone !== undefined && filter.zones.has(e.zone))) return false
  const text = folded(filter.text.trim())
  return text === '' || folded(words(e)).includes(text)
}
