/** All that a journal row says, field by field, in words. Pure. */
import type { JournalRow } from './contract.ts'
import { decimal, duration, when } from './format.ts'
import { nameOf } from './journal-line.ts'
import type { Names } from './narrate.ts'
import type { Words } from './words/types.ts'

export interface Fact {
  readonly field: string
  readonly label: string
  readonly value: string
  /** To be compared character by character: a fingerprint, a pseudonym, an id. */
  readonly exact?: true
}
export interface Reading {
  readonly w: Words
  readonly names: Names
  readonly timeZone: string
  readonly now: number
}
type Who = JournalRow['who']

const PEOPLE: ReadonlySet<string> = new Set(['person', 'witness', 'by', 'operator'])
const TIMES: ReadonlySet<string> = new Set(['deviceAt', 'until', 'from', 'dueAt', 'lockedUntil', 'newest', 'at'])
const SPANS: ReadonlySet<string> = new Set(['unlockMs', 'tookMs', 'openMs', 'skewMs'])
const SIZES: ReadonlySet<string> = new Set(['bytes', 'usedBytes', 'quotaBytes'])
const EXACT: ReadonlySet<string> = new Set([
  'credential',
  'command',
  'message',
  'request',
  'serial',
  'sha256',
  'note',
  'id',
  'grant',
  'export',
])

/** Every field of the event but its kind, which the heading has said. */
export function factsOf({ event, who }: Pick<JournalRow, 'event' | 'who'>, r: Reading): readonly Fact[] {
  return Object.entries(event ?? {})
    .filter(
      ([field, value]) => field !== 'kind' && value !== undefined && !(Array.isArray(value) && value.length === 0),
    )
    .map(([field, value]) => ({
      field,
      label: Object.hasOwn(r.w.journal.facts, field) ? r.w.journal.facts[field]! : field,
      value: wordsOf(field, value, who, r),
      ...(isExact(field, value, who) ? { exact: true as const } : {}),
    }))
}

const isExact = (field: string, value: unknown, who: Who): boolean =>
  EXACT.has(field) ||
  (PEOPLE.has(field) && typeof value === 'string' && !value.includes(':') && !(who && Object.hasOwn(who, value)))

/** `488 Mo`, `12 Ko`: decimal units, as disks are sold. */
export function size(bytes: number, locale: Words['locale']): string {
  const units = locale === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${decimal(bytes / 1000 ** power, power === 0 ? 0 : 1, locale)}\u00a0${units[power]!}`
}

function wordsOf(field: string, value: unknown, who: Who, r: Reading): string {
  if (typeof value === 'number') return figure(field, value, r)
  if (typeof value === 'boolean') return value ? r.w.journal.yes : r.w.journal.no
  if (typeof value === 'string') return words(field, value, who, r)
  if (Array.isArray(value)) return value.map(v => wordsOf(field, v, who, r)).join('; ')
  if (typeof value !== 'object' || value === null) return ''
  return Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .map(([k, v]) => pair(k, wordsOf(k, v, who, r), r))
    .join(', ')
}

function pair(field: string, value: string, { w }: Reading): string {
  if (field === 'kind') return value
  const label = w.journal.facts[field] ?? w.journal.values[field] ?? field
  return `${label.toLocaleLowerCase()} ${value}`
}

function figure(field: string, value: number, { w, now, timeZone }: Reading): string {
  if (TIMES.has(field)) return when(value, now, timeZone)
  if (SPANS.has(field)) return duration(value, w.locale)
  if (SIZES.has(field)) return size(value, w.locale)
  return decimal(value, 2, w.locale)
}

function words(field: string, value: string, who: Who, { w, names }: Reading): string {
  if (PEOPLE.has(field)) return someone(value, who, w)
  if (field === 'device') return named(names.device(value)?.name, value)
  if (field === 'accessPoint' || field === 'released' || field === 'silent')
    return named(names.accessPoint(value)?.name, value)
  if (field === 'zone' || field === 'area') return named(names.zone(value)?.name, value)
  if (field === 'plan') return named(names.plan(value)?.name, value)
  const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    class: w.classes,
    classes: w.classes,
    reason: w.reasons,
    refusal: w.refusals,
    origin: w.journal.origins,
    error: w.problems,
    quantity: w.quantities,
  }
  if (EXACT.has(field) || ['statedReason', 'comment'].includes(field)) return value
  const list = lists[field] ?? w.journal.values
  return Object.hasOwn(list, value) ? list[value]! : value
}
const named = (name: string | undefined, id: string): string =>
  name === undefined || name === id ? id : `${name} (${id})`
function someone(value: string, who: Who, w: Words): string {
  if (value === 'reverted') return w.journal.values.reverted ?? value
  const { name, role } = nameOf(value, who)
  return role === undefined ? name : `${name}, ${role}`
}
