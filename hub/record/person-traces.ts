/** Everything that the tables know a person of the site by: from here the rows of the journal are found that are about them. */
import { operators } from './accounts.ts'
import { versionsOf } from './past.ts'
import { subject } from './site.ts'
import { all, type Db, sql } from './sql.ts'

export interface PersonTraces {
  /** Of the site. */
  readonly id: string
  readonly pseudonym: string
  /** Every name on record, the latest first. */
  readonly names: readonly string[]
  /** True while the site file names them. */
  readonly active: boolean
  readonly badges: readonly TracedBadge[]
  /** The account that is theirs now. */
  readonly account?: { readonly id: string; readonly login: string; readonly name: string; readonly role: string }
  readonly links: readonly { readonly operator: string; readonly since: number; readonly until: number | null }[]
}

export interface TracedBadge {
  readonly uid: string
  readonly pseudonym: string | undefined
  /** Theirs while the site file says so. */
  readonly active: boolean
  /** It was somebody else's as well, before or after. */
  readonly shared: boolean
}

/** @returns undefined where no person of this id is known, or everything about them was erased */
export function tracesOf(db: Db, id: string): PersonTraces | undefined {
  const person = subject(db, 'person', id)
  if (!person) return undefined
  const states = versionsOf(db, 'person', id)
  const names = states
    .toSorted((a, b) => b.since - a.since)
    .map(v => (JSON.parse(v.body) as { readonly name: string }).name)
  const account = operators(db).find(o => o.person === id)
  return {
    id,
    pseudonym: person.pseudonym,
    names: [...new Set([...names, ...(person.label === null ? [] : [person.label])])],
    active: states.some(v => v.until === null),
    badges: badgesOf(db, id),
    ...(account && { account }),
    links: all(
      db,
      sql
        .selectFrom('operator_link')
        .select(['operator', 'since', 'until'])
        .where('person', '=', person.pseudonym)
        .orderBy('since'),
    ),
  }
}

/** Of somebody whose erasure waits for a term: all that is left is who the remaining rows name. */
export function tracesOfWaiting(db: Db, pseudonyms: readonly string[]): PersonTraces {
  const left = new Map(pseudonymRows(db, pseudonyms).map(s => [s.pseudonym, s.label]))
  const [person = '', ...badges] = pseudonyms
  const name = left.get(person)
  return {
    id: person,
    pseudonym: person,
    names: name == null ? [] : [name],
    active: false,
    badges: badges.map(b => ({ uid: left.get(b) ?? b, pseudonym: b, active: false, shared: false })),
    links: [],
  }
}

const pseudonymRows = (db: Db, pseudonyms: readonly string[]) =>
  all(
    db,
    sql
      .selectFrom('pseudonym')
      .select(['pseudonym', 'label'])
      .where('pseudonym', 'in', [...pseudonyms]),
  )

const OTHERS = (table: string): string =>
  `exists (select 1 from ${table} o where o.kind = 'badge' and o.id = b.id and (o.body ->> 'person') <> @person)`
const BADGES = `select b.id, max(b.active) as active, ${OTHERS('site_item')} or ${OTHERS('site_item_past')} as shared from (
    select id, 1 as active from site_item where kind = 'badge' and (body ->> 'person') = @person
    union all select id, 0 from site_item_past where kind = 'badge' and (body ->> 'person') = @person
  ) b group by b.id order by b.id`

/** Every badge that was theirs at any time. */
const badgesOf = (db: Db, person: string): PersonTraces['badges'] =>
  db
    .prepare<{ person: string }, { id: string; active: number; shared: number }>(BADGES)
    .all({ person })
    .map(({ id, active, shared }) => ({
      ...{ uid: id, pseudonym: subject(db, 'badge', id)?.pseudonym },
      ...{ active: active === 1, shared: shared === 1 },
    }))

/**
 * Those that were nobody else's at any time. A badge that changed hands is the other's too, as are the rows that name it:
 * theirs are found by the person they name.
 */
export const ownBadges = ({ badges }: PersonTraces): PersonTraces['badges'] => badges.filter(b => !b.shared)

/** Pseudonyms of the person and of their own badges. */
export const pseudonymsOf = (traces: PersonTraces): string[] => [
  traces.pseudonym,
  ...ownBadges(traces).flatMap(b => b.pseudonym ?? []),
]

/**
 * What a body is looked through for: pseudonyms, badge numbers, the item of the site, and names as somebody may have written
 * them. A name of one word is no name to look for: it is a word of many sentences.
 */
export function textsOf(traces: PersonTraces): string[] {
  const quoted = (text: string): string => JSON.stringify(text).slice(1, -1)
  const names = traces.names.filter(n => /\S\s+\S/.test(n)).map(quoted)
  const item = `"item":{"kind":"person","id":${JSON.stringify(traces.id)}}`
  return [...pseudonymsOf(traces), ...ownBadges(traces).map(b => b.uid), item, ...names]
}
