/** The shapes of a site and of its items, checked, with what is wrong told in plain words. */
import { type Shape, type ShapeError, shape } from '#devices/schema.ts'
import { EXPECTED } from './expected.ts'
import type { Problem } from './problems.ts'
import {
  AccessPoint,
  Badge,
  Calendar,
  Device,
  Escalation,
  EvacuationPlan,
  Interlock,
  LockdownPlan,
  Person,
  Role,
  Rota,
  Scenario,
  Schedule,
  Site,
  Zone,
} from './site.ts'
import { type ItemKind, idOf, type SiteItems } from './site-items.ts'

const SITE = shape(Site)
export const ITEM_SHAPES: { readonly [K in ItemKind]: Shape<unknown> } = {
  site: shape(Site.properties.site),
  calendar: shape(Calendar),
  zone: shape(Zone),
  schedule: shape(Schedule),
  device: shape(Device),
  accessPoint: shape(AccessPoint),
  role: shape(Role),
  person: shape(Person),
  badge: shape(Badge),
  interlock: shape(Interlock),
  lockdownPlan: shape(LockdownPlan),
  evacuationPlan: shape(EvacuationPlan),
  scenario: shape(Scenario),
  rota: shape(Rota),
  escalation: shape(Escalation),
}

export const isSite = (value: unknown): value is Site => SITE.is(value)

/** What is wrong with a value that is no site; never asked of one. */
export const siteMisfit = (value: unknown): Problem => plain(SITE.error(value)!)

/** True if the value has the shape of an item of this kind, and this id (except for the site itself, which has none). */
export function isItem<K extends ItemKind>(kind: K, id: string, value: unknown): value is SiteItems[K] {
  return ITEM_SHAPES[kind].is(value) && (kind === 'site' || idOf(value as SiteItems['zone']) === id)
}

/** What is wrong with a value that is no such item; pointers are into the item. */
export function itemMisfit(kind: ItemKind, value: unknown): Problem {
  const error = ITEM_SHAPES[kind].error(value)
  if (error) return plain(error)
  return { pointer: kind === 'badge' ? '/uid' : '/id', expected: EXPECTED.sameId }
}

/** What the schema's own words leave unclear, recognised by a part of them. */
const PLAIN_WORDS: readonly (readonly [part: string, words: string])[] = [
  ['[a-z0-9][a-z0-9-]', 'lower-case letters, digits and hyphens, not starting with a hyphen'],
  ['|-)-', 'a day such as 2026-12-25, or --12-25 for every year'],
  ['T\\d\\d:', 'a date and time with a zone, such as 2026-09-01T00:00:00+02:00'],
  ['\\d{4}-', 'a day such as 2026-12-25'],
  ['24:00', 'a time of day such as 07:30, or 24:00'],
  ['[0-9A-F]', '8 to 20 hexadecimal digits in upper case'],
  ['[^\\u0000', 'a name without control characters'],
  ['fewer than 1 properties', 'at least one condition, or no such field'],
]

function plain({ path, expected }: ShapeError): Problem {
  if (expected === 'must be equal to constant') {
    return { pointer: path, expected: path === '/version' ? '1, the version of this format' : 'true, or no such field' }
  }
  return { pointer: path, expected: PLAIN_WORDS.find(([part]) => expected.includes(part))?.[1] ?? expected }
}
