/**
 * Retention, holds and erasure put together, for the hub and for the command line alike: what differs is who looks through
 * the journal (a thread, or the command itself) and who hears of it.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { PointClass } from '../access/site-classes.ts'
import { VigieError } from '../errors.ts'
import type { Waiting } from '../flows/approval-asked.ts'
import { PayloadsPurged } from '../flows/payloads-purged.ts'
import { type ErasureDone, type ErasureWish, type Known, PersonErased } from '../flows/person-erased.ts'
import { operators } from '../record/accounts.ts'
import { clearCopies } from '../record/backup.ts'
import { holdsInForce, type StoredHold } from '../record/holds.ts'
import { openErasures } from '../record/ops-privacy.ts'
import { type PersonTraces, textsOf, tracesOf } from '../record/person-traces.ts'
import { clearRestores } from '../record/restore.ts'
import { item, revision, subject } from '../record/site.ts'
import { situations } from '../record/situations.ts'
import type { Db } from '../record/sql.ts'
import type { HoldScope } from '../rules/retention.ts'
import { approvalAsking } from './approvals.ts'
import type { PerformOp } from './enrolment.ts'
import type { Privacying } from './privacying.ts'

/** Looking through the journal: in a thread where somebody waits, else at once. */
export type Looking = { readonly [N in 'due' | 'about' | 'unnamed' | 'clean']: Privacying[N] } & {
  readonly policy: () => ReturnType<Privacying['policy']> | Promise<ReturnType<Privacying['policy']>>
}
interface Needs {
  readonly dataDir: string
  /** For reading. */
  readonly db: Db
  /** In force when it resolves. */
  readonly op: PerformOp
  readonly looking: Looking
  /**
   * Everything that was derived from the journal and has to forget what went: the search index today, time series when
   * there are any. Each is called after payloads went, and again whenever something may be left.
   */
  readonly onErased: readonly (() => Promise<unknown> | unknown)[]
  /** What was deleted is in the write-ahead log still: somebody was reading all the time. The next night does it. */
  readonly onUncleaned: () => void
  readonly now: () => number
}

/** A hold as it is asked for: people by their id in the site. */
export type HoldWish = Omit<HoldScope, 'class'> & {
  readonly class?: PointClass
  readonly statedReason: string
  readonly by: string
}
export type HoldShown = StoredHold & { readonly name?: string }

export function privacyActs(needs: Needs) {
  const { db, op, looking, now } = needs
  const erased = new PersonErased(erasureNeeds(needs))
  const asking = approvalAsking(needs)
  const purging = new PayloadsPurged({
    policy: () => looking.policy(),
    find: (after, at) => looking.due({ after, now: at }),
    erase: a => paced(() => op('erasePayloads', a)),
    dropPastTerm: (before, at) => paced(() => op('dropPastTerm', { at, before })),
    finish: () => erased.resume(),
    unnamed: () => looking.unnamed(),
    forgetSubjects: (pseudonyms, at) => paced(() => op('forgetSubjects', { at, pseudonyms })),
    clean: () => clean(needs),
    now,
  })
  return {
    purging,
    /** At once: what was asked for and approved, or where there is nobody to ask. */
    erase: (...wish: Parameters<PersonErased['ask']>) => erased.ask(...wish),
    /** Nobody erases anybody alone. @throws VigieError approval-pending, and what `erase` would run into */
    askErasure: async ({ by, ...wish }: ErasureWish): Promise<ErasureDone | Waiting> => {
      const pseudonym = erased.check(wish)
      return asking.nobodyToAsk ? erased.ask({ ...wish, by }) : asking.erasure(wish, pseudonym, by)
    },
    open: () => openErasures(db),
    holds: (): HoldShown[] => holdsInForce(db).map(h => named(db, h)),
    /** @throws VigieError person-unknown, input-invalid */
    placeHold: async ({ person, ...wish }: HoldWish): Promise<string> => {
      const id = `h-${randomBytes(4).toString('hex')}`
      const pseudonym = person === undefined ? undefined : subject(db, 'person', person)?.pseudonym
      if (person !== undefined && pseudonym === undefined) throw new VigieError('person-unknown', { person })
      guardPlaces(db, wish)
      await op('placeHold', { at: now(), id, hold: { ...wish, ...(pseudonym !== undefined && { person: pseudonym }) } })
      return id
    },
    /** @throws VigieError hold-unknown */
    releaseHold: async (id: string, by: string) => op('releaseHold', { at: now(), id, by }),
  }
}
export type PrivacyActs = ReturnType<typeof privacyActs>

/** After each slice another process gets its turn at the database: a badge that waits there must not wait for them all. */
async function paced<T>(work: () => T | Promise<T>): Promise<T> {
  const result = await work()
  await setTimeout(PAUSE_MS)
  return result
}
const PAUSE_MS = 20

function named(db: Db, hold: StoredHold): HoldShown {
  const label = db
    .prepare<[string], string>('select label from pseudonym where pseudonym = ?')
    .pluck()
    .get(hold.person ?? '')
  return { ...hold, ...(label != null && { name: label }) }
}

/** A hold that keeps nothing for a slip of the pen is worse than none. */
function guardPlaces(db: Db, { accessPoint, zone, from, until }: Omit<HoldWish, 'person'>): void {
  const known = (kind: 'accessPoint' | 'zone', id: string): boolean =>
    item(db, kind, id) !== undefined ||
    db.prepare('select 1 from site_item_past where kind = ? and id = ?').get(kind, id) !== undefined
  const unknown = (field: string, en: string, fr: string) =>
    new VigieError('input-invalid', { field, expected: { en, fr } })
  if (accessPoint !== undefined && !known('accessPoint', accessPoint))
    throw unknown('accessPoint', 'an access point of the site', 'un point d’accès du site')
  if (zone !== undefined && !known('zone', zone)) throw unknown('zone', 'a zone of the site', 'une zone du site')
  if (from !== undefined && until !== undefined && until <= from) throw new VigieError('range-inverted')
}

function erasureNeeds(needs: Needs): ConstructorParameters<typeof PersonErased>[0] {
  const { db, op, looking, now, dataDir } = needs
  return {
    person: id => tracesOf(db, id),
    obstacle: person => obstacleOf(db, dataDir, person as PersonTraces),
    textsOf: person => textsOf(person as PersonTraces),
    about: (texts, after, at) => looking.about({ texts, after, now: at }),
    ask: async asked => op('askErasure', asked),
    withdraw: (person, by) => withdraw(needs, person, by),
    erase: a => paced(() => op('erasePayloads', a)),
    forget: async forgotten => {
      await op('forgetPerson', forgotten)
    },
    open: () => openErasures(db),
    clean: async () => {
      dropCopies(dataDir)
      await clearCopies(dataDir)
      await clearRestores(dataDir)
      await clean(needs)
    },
    newId: () => `e-${randomBytes(4).toString('hex')}`,
    now,
  }
}

function obstacleOf(db: Db, dataDir: string, { pseudonym, account }: PersonTraces) {
  const isReviewed = situations(db).some(s => s.kind === 'review' && s.value?.person === pseudonym)
  if (isReviewed) return 'erasure-review' as const
  const others = operators(db).filter(o => o.role === 'administrator' && o.id !== account?.id)
  if (account?.role === 'administrator' && others.length === 0) return 'erasure-last-administrator' as const
  return SPOOLS.some(f => sizeOf(join(dataDir, f)) > 0) ? ('erasure-spooled' as const) : undefined
}
const SPOOLS = ['spool.jsonl', 'spool.draining.jsonl']
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

async function withdraw({ db, op, now }: Needs, { id, badges, active }: Known, by: string): Promise<void> {
  const gone = badges.filter(b => b.active).map(b => ({ kind: 'badge' as const, id: b.uid }))
  const changes = [...gone, ...(active ? [{ kind: 'person' as const, id }] : [])]
  const event = {
    kind: 'rights.changed',
    revision: 0,
    added: 0,
    changed: 0,
    removed: changes.length,
    origin: by,
  } as const
  await op('applySite', { at: now(), changes, base: revision(db), withdrawn: [], events: [event] })
}

async function clean({ looking, onErased, onUncleaned }: Needs): Promise<void> {
  for (const forget of onErased) await forget()
  if (!(await looking.clean())) onUncleaned()
}

/** Exports lie there for a day at most; what they hold of somebody can't be told from outside. So with lines that a crash cut short. */
function dropCopies(dataDir: string): void {
  const folder = join(dataDir, 'exports')
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true })
  rmSync(join(dataDir, 'spool.bad.jsonl'), { force: true })
}
