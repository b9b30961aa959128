/** The criteria of a search in words, each with the search that is left without it. Pure. */
import { dayWords, when } from './format.ts'
import { dayAfter, type Field, instant, isDay, type Search, without } from './journal-filter.ts'
import { grouped, kindsOf } from './kind-groups.ts'
import type { Names } from './narrate.ts'
import type { Words } from './words/types.ts'

export interface Chip {
  readonly key: string
  readonly label: string
  readonly value: string
  readonly rest: Search
}
type Here = { readonly w: Words; readonly names: Names; readonly timeZone: string; readonly now: number }

export function chipsOf(search: Search, here: Here): readonly Chip[] {
  return [...timeChips(search, here), ...fieldChips(search, here), ...kindChips(search, here)]
}

/** `until` is exclusive: people name the last day that counts. */
function timeChips(search: Search, { w, timeZone, now }: Here): Chip[] {
  const said = (field: 'from' | 'until', label: string, time: string): Chip => {
    const at = instant(time, timeZone)
    const day = isDay(time) ? dayWords(field === 'until' ? dayAfter(time, -1) : time) : undefined
    return {
      key: field,
      label,
      value: day ?? (at === undefined ? time : when(at, now, timeZone)),
      rest: without(search, field),
    }
  }
  const { from, until } = search
  const last = isDay(until) ? w.journal.toDay : w.journal.field.until
  return [...(from ? [said('from', w.journal.fromDay, from)] : []), ...(until ? [said('until', last, until)] : [])]
}

function fieldChips(search: Search, here: Here): Chip[] {
  const fields: readonly Field[] = [
    'text',
    'person',
    'badge',
    'by',
    'accessPoint',
    'zone',
    'class',
    'device',
    'reason',
    'origin',
  ]
  return fields.flatMap(field => {
    const value = search[field]
    if (!value) return []
    return [
      {
        key: field,
        label: here.w.journal.field[field],
        value: worded(field, value, here),
        rest: without(search, field),
      },
    ]
  })
}
function worded(field: Field, value: string, { w, names }: Here): string {
  const lists: Readonly<Partial<Record<Field, Readonly<Record<string, string>>>>> = {
    class: w.classes,
    reason: w.reasons,
    origin: w.journal.origins,
  }
  const list = lists[field]
  if (list) return Object.hasOwn(list, value) ? list[value]! : value
  if (field === 'accessPoint') return names.accessPoint(value)?.name ?? value
  if (field === 'zone') return names.zone(value)?.name ?? value
  return field === 'device' ? (names.device(value)?.name ?? value) : value
}

function kindChips(search: Search, { w }: Here): Chip[] {
  const { groups, single } = grouped(search.kinds)
  const less = (gone: readonly string[]): Search => ({ ...search, kinds: search.kinds.filter(k => !gone.includes(k)) })
  const label = w.journal.kinds
  return [
    ...groups.map(g => ({ key: `group ${g}`, label, value: w.journal.groups[g], rest: less(kindsOf(g)) })),
    ...single.map(kind => ({
      key: `kind ${kind}`,
      label,
      value: (w.kinds as Readonly<Record<string, string>>)[kind] ?? kind,
      rest: less([kind]),
    })),
  ]
}
