/**
 * What is looked for, as people say it, turned into what the index knows: ids and numbers become pseudonyms, names are
 * looked for among those that the pseudonyms still have. And the note of it that goes into the journal.
 */
import { CLASSES } from '../access/site-classes.ts'
import type { JournalFilter } from '../api.ts'
import { type Said, VigieError } from '../errors.ts'
import type { EventKind, FilterNote } from '../events.ts'
import { operatorIdOf, operators } from './accounts.ts'
import { lastOfWithdrawn } from './past.ts'
import type { Search, Way } from './search-query.ts'
import { type SearchField, wordsOf } from './search-terms.ts'
import { items, subject, subjects } from './site.ts'
import { all, type Db, first, sql } from './sql.ts'

/** More words than anybody remembers of a text. */
const WORDS_MOST = 10

export interface Resolved {
  readonly search: Search
  readonly note: FilterNote
}

/** Whose role counts in some zones only: rows of these, and of their own account (pseudonym). */
export interface Theirs {
  readonly zones: readonly string[]
  readonly own: string
}
const theirsOf = ({ zones, own }: Theirs): Way[] => [...zones.map(zone => way('zone', zone)), way('by', own)]

/**
 * @param db vigie.db @param except kinds that whoever asks may not see
 * @throws VigieError filter-invalid naming the field, range-inverted
 */
export function resolved(db: Db, filter: JournalFilter, except: readonly EventKind[] = [], theirs?: Theirs): Resolved {
  const { from, until, kinds } = filter
  if (from !== undefined && until !== undefined && until < from) throw new VigieError('range-inverted')
  const person = filter.person === undefined ? undefined : pseudonymOf(db, 'person', filter.person)
  const badge = filter.badge === undefined ? undefined : pseudonymOf(db, 'badge', filter.badge.toUpperCase())
  const by = filter.by === undefined ? undefined : actorOf(db, filter.by)
  const span = { ...(from !== undefined && { from }), ...(until !== undefined && { until }) }
  const places = placesOf(db, filter)
  const conditions = [
    ...(person === undefined ? [] : [ofPerson(db, person)]),
    ...(badge === undefined ? [] : [[way('badge', badge)]]),
    ...(by === undefined ? [] : [[way('by', by)]]),
    ...places,
    ...(kinds === undefined ? [] : [kinds.map(kind => way('kind', kind))]),
    ...textOf(db, filter.text),
    ...(theirs ? [theirsOf(theirs)] : []),
  ]
  return {
    search: { ...span, all: conditions, except },
    note: {
      ...span,
      ...(person !== undefined && { person }),
      ...(badge !== undefined && { badge }),
      ...(by !== undefined && { by }),
      ...plainOf(filter),
      ...(kinds !== undefined && { kind: kinds.join(',') }),
      ...(filter.text !== undefined && { text: true }),
    },
  }
}

/** Fields of which only what the hub or an operator's account is called can ever be found. */
const CODES = ['reason', 'origin', 'by'] as const

/**
 * For the journal, without what it does not know: whoever looks for a reason that no row has may have typed a name.
 * @param index that the search went through
 */
export function known(index: Db, note: FilterNote): FilterNote {
  const has = index.prepare('select 1 from term where field = ? and value = ?').pluck()
  const strange = CODES.filter(field => {
    const value = note[field]
    return typeof value === 'string' && !isOperator(field, value) && has.get(field, value) === undefined
  })
  return { ...note, ...Object.fromEntries(strange.map(field => [field, true])) }
}
/** A pseudonym, whether or not they have done anything yet. */
const isOperator = (field: string, value: string): boolean => field === 'by' && !value.includes(':')

/** What the journal holds of one person. @param person pseudonym @throws VigieError range-inverted */
export function resolvedOwn(
  db: Db,
  person: string,
  { from, until }: Pick<JournalFilter, 'from' | 'until'>,
  except: readonly EventKind[],
): Resolved {
  const { search, note } = resolved(
    db,
    { ...(from !== undefined && { from }), ...(until !== undefined && { until }) },
    except,
  )
  return { search: { ...search, all: [ofPerson(db, person)] }, note: { ...note, person } }
}

/**
 * Everything about a person: as subject, as witness, and what they did as an operator, for as long as they were that one.
 * @param person pseudonym
 */
export function ofPerson(db: Db, person: string): Way[] {
  const links = all(db, sql.selectFrom('operator_link').selectAll().where('person', '=', person))
  return [
    way('person', person),
    ...links.map(
      ({ operator, since, until }): Way => ({
        ...way('by', operator),
        ...(since > 0 && { from: since }),
        ...(until !== null && { until }),
      }),
    ),
  ]
}

const PLAIN = ['accessPoint', 'zone', 'class', 'device', 'reason', 'origin'] as const
const plainOf = (filter: JournalFilter): FilterNote =>
  Object.fromEntries(PLAIN.flatMap(name => (filter[name] === undefined ? [] : [[name, filter[name]]])))

const way = (field: SearchField, value: string): Way => ({ field, value })

function placesOf(db: Db, filter: JournalFilter): Way[][] {
  const { accessPoint, zone, device } = filter
  if (filter.class !== undefined && !Object.hasOwn(CLASSES, filter.class))
    throw wrong('class', oneOf(Object.keys(CLASSES)))
  if (accessPoint !== undefined && !wasEver(db, 'accessPoint', accessPoint)) throw wrong('accessPoint', EXISTING)
  if (zone !== undefined && !wasEver(db, 'zone', zone)) throw wrong('zone', EXISTING)
  if (device !== undefined && !isDevice(db, device)) throw wrong('device', EXISTING)
  return PLAIN.flatMap(name => {
    const value = filter[name]
    if (value === undefined) return []
    return [name === 'zone' ? below(db, value).map(id => way('zone', id)) : [way(name, value)]]
  })
}

/** A zone and the zones below it, as they lie now. */
function below(db: Db, zone: string): readonly string[] {
  const children = new Map<string, string[]>()
  for (const { id, body } of items(db, 'zone')) {
    const { parent } = JSON.parse(body) as { parent?: string }
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const found = new Set([zone])
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child)
  return [...found]
}

const wasEver = (db: Db, kind: 'accessPoint' | 'zone', id: string): boolean =>
  items(db, kind).some(item => item.id === id) || lastOfWithdrawn(db, kind).has(id)

/** What stands for everything that had no certificate is looked for like a device. */
const isDevice = (db: Db, id: string): boolean =>
  id === 'unidentified' || first(db, sql.selectFrom('device').select('id').where('id', '=', id)) !== undefined

/** Also of somebody who has left, for as long as anything is kept of them. */
function pseudonymOf(db: Db, kind: 'person' | 'badge', id: string): string {
  const known = subject(db, kind, id)
  if (!known) throw wrong(kind, kind === 'person' ? PERSON : BADGE)
  return known.pseudonym
}

/** An operator's login, or whatever else acts by a name with a colon, such as `cli:<user>`. */
function actorOf(db: Db, by: string): string {
  if (by.includes(':')) return by
  const id = operatorIdOf(db, by.toLowerCase())
  if (id === undefined) throw wrong('by', ACTOR)
  return id
}

/** Each word begins one of what somebody wrote, or of the name of somebody the row is about or who acted. */
function textOf(db: Db, text: string | undefined): Way[][] {
  if (text === undefined) return []
  const words = [...new Set(wordsOf(text))]
  if (words.length === 0 || words.length > WORDS_MOST) throw wrong('text', WORDS)
  const people = namesOf(db)
  return words.map(word => [
    { ...way('text', word), prefix: true },
    ...people.flatMap(({ words: own, ways }) => (own.some(w => w.startsWith(word)) ? ways : [])),
  ])
}

function namesOf(db: Db): { readonly words: readonly string[]; readonly ways: readonly Way[] }[] {
  const people = subjects(db).flatMap(({ kind, label, pseudonym }) =>
    kind === 'person' && label !== null ? [{ words: wordsOf(label), ways: [way('person', pseudonym)] }] : [],
  )
  return [...people, ...operators(db).map(o => ({ words: wordsOf(o.name), ways: [way('by', o.id)] }))]
}

const wrong = (field: string, expected: Said): VigieError => new VigieError('filter-invalid', { field, expected })
const oneOf = (values: readonly string[]): Said => {
  const list = values.join(', ')
  return { en: `one of ${list}`, fr: `l’une des valeurs ${list}` }
}
const PERSON: Said = {
  en: 'nobody has or had this id; list them with: vigie item show person',
  fr: 'personne n’a ni n’a eu cet identifiant\u202f; pour la liste\u202f: vigie item show person',
}
const BADGE: Said = { en: 'no badge has or had this number', fr: 'aucun badge n’a ni n’a eu ce numéro' }
const ACTOR: Said = {
  en: 'the login of an operator, or cli:<user>',
  fr: 'l’identifiant d’un opérateur, ou cli:<utilisateur>',
}
const EXISTING: Said = { en: 'there is and was none of this id', fr: 'aucun n’a ni n’a eu cet identifiant' }
const WORDS: Said = { en: `1 to ${WORDS_MOST} words`, fr: `1 à ${WORDS_MOST} mots` }
