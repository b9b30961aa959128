/** What a file says of itself: site, search in words, names of people and places. Read once, when the export begins. */
import type { Someone } from '../api.ts'
import type { FilterNote } from '../events.ts'
import type { ExportAbout } from '../export/source.ts'
import type { PlainFilter } from '../flows/journal-searched.ts'
import { siteOf } from '../flows/registry.ts'
import { operators } from '../record/accounts.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { items, siteId, subjects } from '../record/site.ts'
import type { Db } from '../record/sql.ts'

export type NameOf = (pseudonym: string) => Someone | undefined

/** Of those that still have a name. */
export function namesIn(db: Db): NameOf {
  const roles = new Map(items(db, 'role').map(({ id, body }) => [id, (JSON.parse(body) as { name: string }).name]))
  const known = new Map<string, Someone>()
  for (const { pseudonym, label, role } of subjects(db))
    if (label !== null) known.set(pseudonym, { name: label, ...(role && { role: roles.get(role) ?? role }) })
  for (const { id, name } of operators(db)) known.set(id, { name })
  return pseudonym => known.get(pseudonym)
}

/** Present and former zones and access points. */
export function placesIn(db: Db): (id: string) => string | undefined {
  const names = new Map<string, string>()
  for (const kind of ['zone', 'accessPoint'] as const) {
    const bodies = [...lastOfWithdrawn(db, kind), ...items(db, kind).map(({ id, body }) => [id, body] as const)]
    for (const [id, body] of bodies) names.set(id, (JSON.parse(body) as { name: string }).name)
  }
  return id => names.get(id)
}

export function siteFacts(db: Db): ExportAbout['site'] {
  const id = siteId(db)
  const { name, timeZone } = siteOf({ items: items(db, 'site'), siteId: id }).site
  return { id, name, timezone: timeZone }
}

const FIELDS: Readonly<Record<string, Readonly<Record<'fr' | 'en', string>>>> = {
  from: { fr: 'à partir du', en: 'from' },
  until: { fr: 'jusqu’au (exclu)', en: 'until (not included)' },
  person: { fr: 'personne', en: 'person' },
  badge: { fr: 'badge', en: 'badge' },
  by: { fr: 'par', en: 'by' },
  accessPoint: { fr: 'accès', en: 'access point' },
  zone: { fr: 'zone', en: 'zone' },
  class: { fr: 'classe', en: 'class' },
  device: { fr: 'appareil', en: 'device' },
  kind: { fr: 'genre', en: 'kind' },
  reason: { fr: 'motif', en: 'reason' },
  origin: { fr: 'origine', en: 'origin' },
  text: { fr: 'mots', en: 'words' },
}

interface Wording {
  readonly language: 'fr' | 'en'
  readonly timezone: string
  readonly nameOf: NameOf
  readonly placeOf: (id: string) => string | undefined
}
/** The note as people read it; words that were looked for stand in the file that whoever wrote them takes away. */
export function wordsOfFilter(note: FilterNote, filter: PlainFilter, how: Wording): ExportAbout['filterWords'] {
  return Object.entries(note).map(([field, value]) => ({
    field: FIELDS[field]?.[how.language] ?? field,
    value: wordOf(field, value, filter, how),
  }))
}

function wordOf(field: string, value: FilterNote[string], filter: PlainFilter, how: Wording): string {
  if (typeof value === 'number') return timeOf(value, how)
  if (value === true) return String(filter[field as keyof PlainFilter] ?? '')
  const text = String(value)
  if (field === 'person' || field === 'by') return how.nameOf(text)?.name ?? text
  if (field === 'zone' || field === 'accessPoint') return how.placeOf(text) ?? text
  return text
}

const timeOf = (at: number, { language, timezone }: Wording): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: timezone,
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(at)
