/**
 * Questions about rights, put together: the registry and the journal as record/ reads them, and a note in the journal of
 * whoever read people's history. The command line asks here; a running hub asks in a thread of its own
 * (questions-thread.ts), because working out an answer takes longer than a door may wait.
 */
import type { BadgeEvent } from '../access/ask-why.ts'
import type { Grant } from '../access/grants.ts'
import { applied, CALM } from '../access/situations.ts'
import type {
  DryRunAnswer,
  DryRunQuestion,
  MayAnswer,
  MayQuestion,
  SimulateAnswer,
  SimulateQuestion,
  UnusedAnswer,
  UnusedQuestion,
  WhoAnswer,
  WhoQuestion,
  WhyAnswer,
  WhyQuestion,
} from '../api.ts'
import type { Recorded } from '../events.ts'
import { KNOWN_MODELS } from '../flows/known-models.ts'
import type { Held, QuestionPorts, Told } from '../flows/question-ports.ts'
import { may, simulate, unused, who, why } from '../flows/questions.ts'
import { siteOf } from '../flows/registry.ts'
import { tryScenario } from '../flows/scenario-tried.ts'
import type { QuestionsAsked } from '../http/routes/questions.ts'
import { accessEvents } from '../record/access-rows.ts'
import { grant, grants, grantsAtRevision, grantsSince } from '../record/grants.ts'
import { turn } from '../record/paging.ts'
import { revisionAt, siteAt, timeOfRevision } from '../record/past.ts'
import { pinHolders } from '../record/pins.ts'
import { events } from '../record/reading.ts'
import { items, revision, type Subject, siteId, subjects } from '../record/site.ts'
import { situations } from '../record/situations.ts'
import type { Db } from '../record/sql.ts'
import { usage } from '../record/usage.ts'
import { tryPorts } from './dry-run.ts'

/** As the routes ask them; the command line asks the same. @throws VigieError input-invalid, journal-unavailable */
export type Questions = QuestionsAsked

/** What a question is asked for by name, and what comes back: also across threads. */
export interface Asking {
  readonly why: (question: WhyQuestion) => Promise<Told<WhyAnswer>>
  readonly who: (question: WhoQuestion) => Promise<Told<WhoAnswer>>
  readonly may: (question: MayQuestion) => Promise<Told<MayAnswer>>
  readonly simulate: (question: SimulateQuestion) => Promise<Told<SimulateAnswer>>
  readonly unused: (question: UnusedQuestion) => Promise<Told<UnusedAnswer>>
  /** Names nobody: what it reads of people it keeps to itself. */
  readonly dryRun: (question: DryRunQuestion) => Promise<DryRunAnswer>
}
export type QuestionName = keyof Asking

/** @param note writes down who read how many rows; what can't be noted is not handed out */
export function journaled(asking: Asking, note: (by: string, rows: number) => unknown): Questions {
  const noted = async <T>(told: Promise<Told<T>>, by: string): Promise<T> => {
    const { answer, rows } = await told
    await note(by, rows)
    return answer
  }
  return {
    why: (question, by) => noted(asking.why(question), by),
    who: async question => (await asking.who(question)).answer,
    may: async question => (await asking.may(question)).answer,
    simulate: (question, by) => noted(asking.simulate(question), by),
    unused: (question, by) => noted(asking.unused(question), by),
    dryRun: question => asking.dryRun(question),
  }
}

/** In this thread. @param db for reading */
export function askingIn(db: Db, now: () => number): Asking {
  const ports = questionPorts(db, now)
  return {
    why: question => why(ports, question),
    who: async question => ({ answer: who(ports, question), rows: 0 }),
    may: async question => ({ answer: may(ports, question), rows: 0 }),
    simulate: question => simulate(ports, question),
    unused: question => unused(ports, question),
    dryRun: question => tryScenario(tryPorts(db, ports), question),
  }
}

const DAY_MS = 86_400_000
const PAGE = 500
const BADGE_KINDS = [
  'access.granted',
  'access.denied',
  'access.withdrawn',
  'access.awaiting',
] as const satisfies BadgeEvent['kind'][]

export function questionPorts(db: Db, now: () => number): QuestionPorts {
  return {
    now,
    held: () => db.transaction(() => heldFrom(db, revision(db), items(db), grants(db, now()))).deferred(),
    heldAt: at => pastOf(db, at),
    revisionAt: at => revisionAt(db, at),
    grantsSince: from => grantsFrom(db, from),
    subject: subjectsIn(db),
    badgeRow: seq =>
      events(db, { from: seq, before: seq + 1, limit: 1, kinds: BADGE_KINDS })[0] as BadgeRow | undefined,
    badgeRows: (from, until) => badgeRows(db, from, until),
    journalSince: () => events(db, { after: 0, limit: 1 })[0]?.at,
    rolesSince: () => {
      const put = items(db).flatMap(i => (i.kind === 'role' ? [i.revision] : []))
      return put.length === 0 ? undefined : timeOfRevision(db, Math.min(...put))
    },
    rightsUsed: since => usage(db, since, now()),
    situations: () => applied(CALM, situations(db)),
    pinHolders: () => new Set(pinHolders(db).map(p => p.person)),
    knows: KNOWN_MODELS,
    pause: turn,
  }
}

type Stored = Parameters<typeof siteOf>[0]['items']
function heldFrom(db: Db, at: number, stored: Stored, held: readonly Grant[]): Held {
  const known = subjects(db)
  const of = (kind: Subject['kind']) => new Map(known.flatMap(s => (s.kind === kind ? [[s.id, s.pseudonym]] : [])))
  return {
    revision: at,
    site: siteOf({ items: stored, siteId: siteId(db) }),
    pseudonyms: { person: of('person'), badge: of('badge') },
    grants: held,
  }
}

function pastOf(db: Db, at: number): Held | undefined {
  const past = siteAt(db, at)
  return past && heldFrom(db, at, past.items, grantsAtRevision(db, at, timeOfRevision(db, at) ?? 0))
}

/** Those that stand, and the revoked ones up to when they were. */
function grantsFrom(db: Db, from: number): Grant[] {
  const standing = grants(db, from + DAY_MS)
  const revoked = grantsSince(db, revisionAt(db, from) ?? -1).flatMap(({ id, grant: stands }) => {
    const row = stands ? undefined : grant(db, id)
    return row && row.revokedAt !== null ? [{ ...row.grant, until: Math.min(row.grant.until, row.revokedAt) }] : []
  })
  return [...standing, ...revoked.filter(g => g.until > from)]
}

/** People by pseudonym; read again once the registry has changed. */
function subjectsIn(db: Db): QuestionPorts['subject'] {
  let read = -1
  let people = new Map<string, { readonly id: string; readonly name: string }>()
  return pseudonym => {
    const present = revision(db)
    if (present !== read)
      people = new Map(
        subjects(db).flatMap(s => (s.kind === 'person' ? [[s.pseudonym, { id: s.id, name: s.label ?? s.id }]] : [])),
      )
    read = present
    return people.get(pseudonym)
  }
}

type BadgeRow = Recorded<BadgeEvent>
async function* badgeRows(db: Db, since: number, until: number): AsyncIterable<readonly BadgeRow[]> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await accessEvents(db, { since, until, limit: PAGE, ...(after > 0 ? { after } : {}) })
    yield page.rows.filter((row): row is BadgeRow => row.event.kind !== 'access.lapsed')
    after = page.next
  }
}
