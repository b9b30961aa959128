/**
 * What the tables beside the journal hold of people, and how it goes: at its term, or because they asked for it. A badge
 * that is forgotten keeps its pseudonym, so that it stays on the list of what must never come back; nobody can tell any
 * more whose it was, or what its number is.
 */
import { VigieError } from '../errors.ts'
import { forgetMovementsOf } from './movements.ts'
import { append, type OpContext } from './op-context.ts'
import { ownBadges, type PersonTraces, pseudonymsOf } from './person-traces.ts'
import { forgetScimUser } from './scim.ts'
import { wordsOf } from './search-terms.ts'
import { bump, meta, setMeta } from './site.ts'
import { situations } from './situations.ts'
import { all, type Db, run, sql } from './sql.ts'
import { forgetInScopes } from './tenants.ts'
import { forgetVisitsOf } from './visits.ts'

const FORGOTTEN = 'forgotten_subjects'
/** A running hub looks several times a second: it has heard of more than these. */
const REMEMBERED = 1_000

/** Pseudonyms that stand for nobody any more since that revision. */
export const forgottenSince = (db: Db, since: number): string[] =>
  remembered(db).flatMap(([revision, pseudonym]) => (revision > since ? [pseudonym] : []))

/**
 * Another one means that an erasure was asked for or carried out in between: what was read before names people who may be
 * forgotten now.
 */
export function erasureMark(db: Db): string {
  const [asked] = all(db, sql.selectFrom('erasure').select('id').orderBy('asked_at', 'desc').orderBy('id').limit(1))
  return `${asked?.id ?? ''} ${remembered(db).at(-1)?.[0] ?? 0}`
}

const remembered = (db: Db): [revision: number, pseudonym: string][] =>
  JSON.parse(meta(db, FORGOTTEN) ?? '[]') as [number, string][]

/**
 * The rows stay, for the pseudonyms' sake; whom they stand for is gone. `label`: what the law still keeps readable, a name
 * or the number of a badge. The id goes in any case: whoever is entered under it again is somebody else.
 */
export function forgetSubjects(
  db: Db,
  forgotten: readonly { readonly pseudonym: string; readonly label?: string | null }[],
  revision: number,
): void {
  const forget = db.prepare('update pseudonym set id = pseudonym, label = ?, role = null where pseudonym = ?')
  for (const { pseudonym, label } of forgotten) forget.run(label ?? null, pseudonym)
  const list = [...remembered(db), ...forgotten.map(f => [revision, f.pseudonym] as [number, string])]
  setMeta(db, FORGOTTEN, JSON.stringify(list.slice(-REMEMBERED)))
}

/**
 * Who is not of the site any more loses what is kept beside the journal.
 * @param readable pseudonyms that rows still name, which the law or a hold keeps @returns the revision it made
 * @throws VigieError erasure-active if they are of the site again
 */
export function forgetPerson(
  c: OpContext,
  traces: PersonTraces,
  readable: ReadonlySet<string>,
  { at, by }: { readonly at: number; readonly by: string },
): number {
  if (traces.active || traces.badges.some(b => b.active)) throw new VigieError('erasure-active', { person: traces.id })
  const revision = bump(c.db, at)
  const names = pseudonymsOf(traces)
  forgetWhatGoesOn(c, names, at, revision)
  c.db.prepare("delete from site_item_past where kind = 'person' and id = ?").run(traces.id)
  const badge = c.db.prepare("delete from site_item_past where kind = 'badge' and id = ? and (body ->> 'person') = ?")
  for (const { uid } of traces.badges) badge.run(uid, traces.id)
  run(c.db, sql.deleteFrom('access_grant').where('person', '=', traces.id))
  run(c.db, sql.deleteFrom('pin').where('person', '=', traces.id))
  forgetInScopes(c.db, traces.id)
  forgetScimUser(c.db, traces.id)
  forgetMovementsOf(c.db, traces.id, traces.pseudonym, at)
  forgetVisitsOf(c.db, traces.id, traces.pseudonym)
  forgetAccount(c.db, traces)
  forgetSearches(c.db, traces)
  forgetSchedules(c, traces, { at, by, revision })
  const labels = new Map<string | undefined, string | undefined>([
    [traces.pseudonym, traces.names[0]],
    ...ownBadges(traces).map(b => [b.pseudonym, b.uid] as const),
  ])
  const label = (pseudonym: string): string | null => (readable.has(pseudonym) ? (labels.get(pseudonym) ?? null) : null)
  forgetSubjects(
    c.db,
    names.map(pseudonym => ({ pseudonym, label: label(pseudonym) })),
    revision,
  )
  return revision
}

/** Written as an act, so that a running hub takes it over. */
function forgetWhatGoesOn(c: OpContext, names: readonly string[], at: number, revision: number): void {
  const about = situations(c.db).filter(s => names.some(n => s.key.includes(n) || JSON.stringify(s.value).includes(n)))
  c.appender.situations.act(
    about.map(({ kind, key }) => ({ kind, key })),
    at,
    revision,
  )
}

/** Rows of what they did as an operator keep a pseudonym that stands for nobody. */
function forgetAccount(db: Db, { account, pseudonym }: PersonTraces): void {
  run(db, sql.deleteFrom('operator_link').where('person', '=', pseudonym))
  if (!account) return
  run(db, sql.deleteFrom('session').where('operator', '=', account.id))
  run(db, sql.deleteFrom('saved_search').where('operator', '=', account.id))
  run(db, sql.deleteFrom('operator_link').where('operator', '=', account.id))
  run(db, sql.deleteFrom('contact').where('operator', '=', account.id))
  run(db, sql.deleteFrom('message').where('operator', '=', account.id))
  run(db, sql.deleteFrom('operator').where('id', '=', account.id))
}

/** Searches that look for them, or were called after them. */
function forgetSearches(db: Db, traces: PersonTraces): void {
  for (const s of all(db, sql.selectFrom('saved_search').select(['id', 'operator', 'name', 'body']))) {
    if (looksFor(JSON.parse(s.body) as Looked, traces) || saysNameOf(s.name, traces))
      run(db, sql.deleteFrom('saved_search').where('operator', '=', s.operator).where('id', '=', s.id))
  }
}

/** Scheduled exports that look for them, go to them or were explained by them: whoever misses one reads who removed it. */
function forgetSchedules(
  c: OpContext,
  traces: PersonTraces,
  { at, by, revision }: { readonly at: number; readonly by: string; readonly revision: number },
): void {
  for (const { id, body } of all(c.db, sql.selectFrom('export_schedule').select(['id', 'body']))) {
    const { filter = {}, mail = [], statedReason = '' } = JSON.parse(body) as KeptSchedule
    if (!looksFor(filter, traces) && ![...mail, statedReason].some(text => saysNameOf(text, traces))) continue
    run(c.db, sql.deleteFrom('export_schedule').where('id', '=', id))
    const item = { kind: 'export-schedule', id } as const
    append(c, at, { kind: 'rights.changed', revision, added: 0, changed: 0, removed: 1, origin: by, item })
  }
}
interface Looked {
  readonly person?: string
  readonly badge?: string
  /** An operator's login; case does not count. */
  readonly by?: string
  readonly text?: string
}
interface KeptSchedule {
  readonly filter?: Looked
  readonly mail?: readonly string[]
  readonly statedReason?: string
}

const looksFor = (filter: Looked, traces: PersonTraces): boolean =>
  filter.person === traces.id ||
  ownBadges(traces).some(b => b.uid === filter.badge?.toUpperCase()) ||
  (traces.account !== undefined && filter.by?.toLowerCase() === traces.account.login) ||
  saysNameOf(filter.text ?? '', traces)

/** Each word of a name of theirs, in any order. */
function saysNameOf(text: string, traces: PersonTraces): boolean {
  const words = wordsOf(text)
  return traces.names.map(wordsOf).some(name => name.length > 0 && name.every(word => words.includes(word)))
}
