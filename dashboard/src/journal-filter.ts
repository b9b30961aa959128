/**
 * What the journal page looks for, as its address holds it: the query of GET /api/v1/journal, plus `row`, the one whose
 * panel is open. Times are RFC 3339 or days of the site's calendar; `until` is exclusive. Pure.
 */
import type { paths } from './api.generated.d.ts'
import type { EventKind, JournalFilter } from './contract.ts'

type JournalQuery = NonNullable<paths['/api/v1/journal']['get']['parameters']['query']>

export const FIELDS = [
  'from',
  'until',
  'person',
  'badge',
  'by',
  'accessPoint',
  'zone',
  'class',
  'device',
  'reason',
  'origin',
  'text',
] as const
export type Field = (typeof FIELDS)[number]
export type Search = Readonly<Partial<Record<Field, string>>> & { readonly kinds: readonly string[] }
export const EMPTY: Search = { kinds: [] }

const PEOPLE: ReadonlySet<string> = new Set(['person', 'badge', 'by', 'text'] satisfies Field[])
/** Criteria to offer. @param people may look for people; the hub decides it again */
export const fieldsFor = (people: boolean): readonly Field[] => (people ? FIELDS : FIELDS.filter(f => !PEOPLE.has(f)))

/** Nothing else in the address is taken; what is asked for is checked by the hub. */
export function searchOf(params: URLSearchParams): Search {
  const fields = FIELDS.flatMap(f => {
    const value = params.get(f)?.trim()
    return value ? [[f, value] as const] : []
  })
  return { ...Object.fromEntries(fields), kinds: [...new Set(params.getAll('kind').filter(Boolean))] }
}

/** In a fixed order, so that the same search has the same address. */
export function paramsOf(search: Search, more: Readonly<Record<string, string | undefined>> = {}): URLSearchParams {
  const params = new URLSearchParams()
  for (const f of FIELDS) if (search[f]) params.set(f, search[f])
  for (const kind of [...search.kinds].sort()) params.append('kind', kind)
  for (const [name, value] of Object.entries(more)) if (value !== undefined) params.set(name, value)
  return params
}
/** The same as the hub's client takes it. */
export function queryOf(search: Search): JournalQuery {
  const fields = Object.fromEntries(FIELDS.flatMap(f => (search[f] ? [[f, search[f]]] : [])))
  return { ...fields, ...(search.kinds.length > 0 && { kind: [...search.kinds].sort() as EventKind[] }) }
}
export function journalHref(search: Search, row?: number): string {
  const query = paramsOf(search, row === undefined ? {} : { row: String(row) }).toString()
  return query === '' ? '/journal' : `/journal?${query}`
}
export function rowOf(params: URLSearchParams): number | undefined {
  const row = params.get('row') ?? ''
  return /^[1-9]\d{0,14}$/.test(row) ? Number(row) : undefined
}

/** The same search without a field; without all of it if none is named. */
export function without(search: Search, ...fields: readonly (Field | 'kinds')[]): Search {
  const kept = Object.fromEntries(Object.entries(search).filter(([f]) => !fields.some(gone => gone === f)))
  return { ...kept, kinds: fields.includes('kinds') ? [] : search.kinds }
}
export const withField = (search: Search, field: Field, value: string): Search =>
  value.trim() === '' ? without(search, field) : { ...search, [field]: value.trim() }
export const isEmpty = (search: Search): boolean => search.kinds.length === 0 && FIELDS.every(f => !search[f])

const DAY = /^\d{4}-\d{2}-\d{2}$/
export const isDay = (time: string | undefined): time is string => time !== undefined && DAY.test(time)
const DAY_MS = 86_400_000
/** A day so many days later, or earlier. */
export const dayAfter = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
/** The day it is at an instant, on a wall clock. */
export const dayOf = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** The first instant of a day on a wall clock, also where the clock changes at midnight. */
export function midnight(day: string, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`)
  for (let at = utc - 15 * HOUR_MS; at <= utc + 15 * HOUR_MS; at += HOUR_MS / 4)
    if (dayOf(at, timeZone) >= day) return at
  return utc
}
const HOUR_MS = 3_600_000

export const SPANS = ['today', 'week', 'month', 'all'] as const
export type Span = (typeof SPANS)[number]
const LENGTHS: Readonly<Record<Exclude<Span, 'all'>, number>> = { today: 1, week: 7, month: 30 }
/** The last days up to and with today, as dates: what is shared stays what was seen. */
export function withSpan(search: Search, span: Span, today: string): Search {
  if (span === 'all') return without(search, 'from', 'until')
  return { ...search, from: dayAfter(today, 1 - LENGTHS[span]), until: dayAfter(today) }
}
export const spanOf = (search: Search, today: string): Span | undefined =>
  SPANS.find(span => {
    const { from, until } = withSpan(search, span, today)
    return from === search.from && until === search.until
  })

/** @returns ms, or undefined for what is no time */
export function instant(time: string | undefined, timeZone: string): number | undefined {
  if (time === undefined) return undefined
  const at = isDay(time) ? midnight(time, timeZone) : Date.parse(time)
  return Number.isFinite(at) ? at : undefined
}
/** As the hub keeps it: in a saved search, in an export. */
export function filterOf(search: Search, timeZone: string): JournalFilter {
  const { from, until, kinds, ...rest } = search
  const [first, end] = [instant(from, timeZone), instant(until, timeZone)]
  return {
    ...rest,
    ...(first === undefined ? {} : { from: first }),
    ...(end === undefined ? {} : { until: end }),
    ...(kinds.length === 0 ? {} : { kinds: kinds as readonly EventKind[] }),
  } as JournalFilter
}
/** And back: an instant at midnight is its day. */
export function searchFrom(filter: JournalFilter, timeZone: string): Search {
  const { from, until, kinds, ...rest } = filter
  const time = (at: number): string => {
    const day = dayOf(at, timeZone)
    return midnight(day, timeZone) === at ? day : new Date(at).toISOString()
  }
  return {
    ...rest,
    ...(from === undefined ? {} : { from: time(from) }),
    ...(until === undefined ? {} : { until: time(until) }),
    kinds: kinds ?? [],
  }
}

/** Days shown around a search at the least, so that a narrow span is seen among its neighbours. */
const CONTEXT_DAYS = 31
/** The span to count days over: the search's, widened to a month where it is made of whole days. */
export function contextOf({ from, until }: Search, today: string): { from: string; until: string } | undefined {
  const end = until ?? dayAfter(today)
  if (!isDay(from) || !isDay(end) || from >= end) return undefined
  const month = dayAfter(end, -CONTEXT_DAYS)
  return { from: from < month ? from : month, until: end }
}
