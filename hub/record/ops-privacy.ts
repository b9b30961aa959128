/** The operations of retention, holds and erasure; each short, because a badge may have to wait behind it. */
import { VigieError } from '../errors.ts'
import { type Erasure, erasePayloads } from './erasing.ts'
import { forgetPerson, forgetSubjects } from './forgetting.ts'
import { HOLD_OPS, holdsInForce } from './holds.ts'
import { append, type OpContext } from './op-context.ts'
import { dropPastTerm } from './past-term.ts'
import { type PersonTraces, pseudonymsOf, tracesOf, tracesOfWaiting } from './person-traces.ts'
import { bump, item, meta, setMeta, subjectsNamed } from './site.ts'
import { all, type Db, run, sql } from './sql.ts'

/** An erasure that was asked for and waits for a term or a hold. */
export interface OpenErasure {
  readonly id: string
  readonly askedAt: number
  readonly traces: PersonTraces
}
export interface LastPurge {
  readonly at: number
  readonly payloads: number
  /** Code of the error table. */
  readonly error?: string
}
const LAST_PURGE = 'last_purge'

export const PRIVACY_OPS = {
  erasePayloads: (c: OpContext, a: Erasure): number | false => erasePayloads(c, a),

  /** @returns rows that went; 0: nothing is left to go, or a hold is in force, which may concern any of it */
  dropPastTerm: (c: OpContext, a: { at: number; before: number }): number =>
    holdsInForce(c.db).length > 0 ? 0 : dropPastTerm(c.db, a.before, a.at),

  /** People and badges whom nothing names any more; whoever is of the site again meanwhile stays. @returns how many */
  forgetSubjects: (c: OpContext, a: { at: number; pseudonyms: readonly string[] }): number => {
    const gone = subjectsNamed(c.db, a.pseudonyms).filter(s => item(c.db, s.kind, s.id) === undefined)
    if (gone.length > 0) forgetSubjects(c.db, gone.map(onlyPseudonym), bump(c.db, a.at))
    return gone.length
  },

  notePurge: (c: OpContext, a: LastPurge): void => setMeta(c.db, LAST_PURGE, JSON.stringify(a)),

  /** @param a.until when the law lets go of the last of the rows that wait @throws VigieError person-unknown */
  askErasure: (
    c: OpContext,
    a: { at: number; id: string; person: string; by: string; statedReason?: string; until?: number; count: number },
  ): void => {
    const { at, id, person, ...said } = a
    const traces = tracesOf(c.db, person)
    if (!traces) throw new VigieError('person-unknown', { person })
    const names = pseudonymsOf(traces).join(' ')
    run(c.db, sql.insertInto('erasure').values({ id, person: names, asked_at: at, done_at: null }))
    append(c, at, { kind: 'privacy.erasure-asked', id, person: traces.pseudonym, ...said })
  },

  /**
   * What the tables beside the journal hold of them goes. With nothing left that waits, the request is done.
   * @param a.waiting pseudonyms that rows still name, which the law or a hold keeps
   * @returns the revision it made @throws VigieError erasure-active
   */
  forgetPerson: (
    c: OpContext,
    a: { at: number; request: string; person?: string; waiting: readonly string[]; count: number; by: string },
  ): number => {
    const open = openErasures(c.db).find(e => e.id === a.request)
    const traces = (a.person === undefined ? undefined : tracesOf(c.db, a.person)) ?? open?.traces
    if (!traces) throw new VigieError('person-unknown', { person: a.person ?? a.request })
    const done = a.waiting.length === 0
    const readable = new Set(done ? [] : [traces.pseudonym, ...a.waiting])
    const revision = forgetPerson(c, traces, readable, a)
    if (!done) return revision
    run(c.db, sql.updateTable('erasure').set({ person: null, done_at: a.at }).where('id', '=', a.request))
    append(c, a.at, { kind: 'privacy.erased', by: a.by, id: a.request, count: a.count })
    return revision
  },

  ...HOLD_OPS,
} as const

const onlyPseudonym = ({ pseudonym }: { readonly pseudonym: string }) => ({ pseudonym })

/** Oldest first. */
export const openErasures = (db: Db): OpenErasure[] =>
  all(
    db,
    sql
      .selectFrom('erasure')
      .select(['id', 'person', 'asked_at'])
      .where('person', 'is not', null)
      .orderBy('asked_at')
      .orderBy('id'),
  ).map(({ id, person, asked_at }) => ({
    id,
    askedAt: asked_at,
    traces: tracesOfOpen(db, (person ?? '').split(' ')),
  }))

export const lastPurge = (db: Db): LastPurge | undefined => {
  const text = meta(db, LAST_PURGE)
  return text === undefined ? undefined : (JSON.parse(text) as LastPurge)
}

/** A hub that died, or could not write, between the request and what follows from it left everything of them as it was. */
function tracesOfOpen(db: Db, pseudonyms: readonly string[]): PersonTraces {
  const [known] = subjectsNamed(db, pseudonyms.slice(0, 1))
  const whole = known && known.id !== known.pseudonym ? tracesOf(db, known.id) : undefined
  return whole ?? tracesOfWaiting(db, pseudonyms)
}
