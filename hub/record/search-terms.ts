/** What a row of the journal is found by. Pure. Subjects stay pseudonyms: the index knows no names. */

/** `row` and `kind` are true of a row whose payload is gone; everything else came from its payload. */
export const LASTING_FIELDS = ['row', 'kind'] as const
export type SearchField =
  | (typeof LASTING_FIELDS)[number]
  | 'person'
  | 'badge'
  | 'by'
  | 'accessPoint'
  | 'zone'
  | 'class'
  | 'device'
  | 'reason'
  | 'origin'
  | 'text'
export interface Term {
  readonly field: SearchField
  readonly value: string
}

/** Where each field's values stand in an event, as paths; a list on the way means each of its members. */
const PLACES: Readonly<Record<Exclude<SearchField, 'row' | 'kind' | 'class' | 'text'>, readonly string[]>> = {
  // A reading of the journal that looked for somebody is about them.
  person: ['person', 'witness', 'filter.person'],
  badge: ['credential', 'filter.badge'],
  by: ['by', 'operator', 'filter.by'],
  accessPoint: ['accessPoint', 'released', 'silent'],
  zone: ['zone', 'messages.zone'],
  device: ['device', 'messages.device'],
  reason: ['reason', 'refusal'],
  origin: ['origin', 'via.kind'],
}
/** What somebody wrote, or what stands for it. */
const FREE_TEXT = ['statedReason', 'comment', 'detail', 'reference', 'reference.id', 'via.reference']

const WORD_LONGEST = 64
const WORDS_MOST = 300

/**
 * @param body JSON of the event; null where the payload is gone
 * @param classOf of an access point, for rows that don't say
 */
export function termsOf(
  kind: string,
  body: string | null,
  classOf: (accessPoint: string) => string | undefined,
): Term[] {
  const terms: Term[] = [
    { field: 'row', value: '' },
    { field: 'kind', value: kind },
  ]
  if (body === null) return terms
  const event: unknown = JSON.parse(body)
  for (const [field, places] of Object.entries(PLACES))
    for (const value of distinct(places.flatMap(p => textsAt(event, p))))
      terms.push({ field: field as SearchField, value })
  // A change of rights says who made it as its origin.
  if (kind === 'rights.changed') for (const value of textsAt(event, 'origin')) terms.push({ field: 'by', value })
  for (const value of classesOf(event, classOf)) terms.push({ field: 'class', value })
  for (const value of distinct(FREE_TEXT.flatMap(p => textsAt(event, p)).flatMap(wordsOf)).slice(0, WORDS_MOST))
    terms.push({ field: 'text', value })
  return terms
}

function classesOf(event: unknown, classOf: (accessPoint: string) => string | undefined): readonly string[] {
  const own = textsAt(event, 'class')
  if (own.length > 0) return own
  return distinct(textsAt(event, 'accessPoint').flatMap(id => classOf(id) ?? []))
}

const distinct = (values: readonly string[]): readonly string[] => (values.length < 2 ? values : [...new Set(values)])

function textsAt(value: unknown, path: string): readonly string[] {
  const dot = path.indexOf('.')
  if (Array.isArray(value)) return value.flatMap((each: unknown) => textsAt(each, path))
  if (typeof value !== 'object' || value === null) return []
  const found = (value as Readonly<Record<string, unknown>>)[dot < 0 ? path : path.slice(0, dot)]
  if (dot >= 0) return textsAt(found, path.slice(dot + 1))
  return typeof found === 'string' ? [found] : Array.isArray(found) ? found.filter(isText) : []
}
const isText = (value: unknown): value is string => typeof value === 'string'

/** Words of a text in lower case without accents: letters and digits, each at most 64 characters. */
export const wordsOf = (text: string): string[] =>
  (folded(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(word => word.slice(0, WORD_LONGEST))

const LETTERS: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ı: 'i' }
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[œæßøłđı]/g, letter => LETTERS[letter] ?? letter)

/** `1-5,8,10-12` as pairs of first and last. What is no such range is left out. */
export function rangesOf(text: string): (readonly [first: number, last: number])[] {
  return text.split(',').flatMap(part => {
    const [, first, last] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part) ?? []
    return first === undefined ? [] : [[Number(first), Number(last ?? first)] as const]
  })
}
