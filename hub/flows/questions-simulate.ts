/**
 * What would change if these items were edited?
 *
 *   change    a copy of the site, checked like the real thing: a bad change is answered with its error
 *   compile   the rights as they are, and as they would be, with every grant of the days looked at
 *   replay    each badge event of those days by both
 *   on duty   whoever is at work now: what they would lose or gain before they go home
 *
 * A slice at a time: whoever shares the thread has a turn after a few milliseconds.
 */
import type { DutyChange, SimulateAnswer, SimulateQuestion } from '../access/ask.ts'
import type { Book } from '../access/ask-book.ts'
import { changedSite } from '../access/ask-change.ts'
import { DutyCheck } from '../access/ask-duty.ts'
import { Tally } from '../access/ask-simulate.ts'
import { byName } from '../access/ask-who.ts'
import type { Grant } from '../access/grants.ts'
import type { Said } from '../errors.ts'
import { bookOf, personNamed, type QuestionPorts, type Told } from './question-ports.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DEFAULT_DAYS = 30
const AT_WORK_MS = 12 * HOUR_MS
const LIST_MAX = 1_000
/** How long a stretch of work may hold the thread. */
const SLICE_MS = 2

/** @throws VigieError input-invalid naming the field of the change that does not fit */
export async function simulate(ports: QuestionPorts, question: SimulateQuestion): Promise<Told<SimulateAnswer>> {
  const days = question.days ?? DEFAULT_DAYS
  const until = ports.now()
  const from = until - days * DAY_MS
  const held = ports.held()
  const site = changedSite(held.site, question.changes, ports.knows)
  const grants = ports.grantsSince(from)
  const before = bookOf({ ...held, grants }, from)
  await ports.pause()
  const after = bookOf({ ...held, site, grants }, from)
  const { tally, lately } = await replay(ports, before, after, from, until)
  const duty = await onDuty(ports, before, after, { grants, lately, now: until })
  const pairs = tally.pairs(personNamed(ports))
  const since = ports.journalSince()
  const answer: SimulateAnswer = {
    revision: held.revision,
    days,
    from,
    until,
    ...(since !== undefined && since > from && { journalSince: since }),
    ...tally.counts,
    pairs: pairs.slice(0, LIST_MAX),
    morePairs: Math.max(0, pairs.length - LIST_MAX),
    onDuty: duty,
    notes: [NO_SITUATIONS, ...(duty.basis === 'granted-12h' ? [NO_SHIFTS] : [])],
  }
  return { answer, rows: tally.counts.events }
}

const NO_SITUATIONS: Said = {
  en: 'What was going on then (lockdowns, who was inside, locked PINs) is not replayed: both sides are decided without it.',
  fr: 'Les situations d’alors (confinements, présences, codes PIN bloqués) ne sont pas rejouées\u202f: les deux côtés en font abstraction.',
}
const NO_SHIFTS: Said = {
  en: 'No shift is known of anybody now: whoever was let in somewhere in the last 12 h is taken to be at work for 12 h more.',
  fr: 'Aucun service en cours n’est connu\u202f: toute personne admise quelque part depuis 12\u00a0h est supposée présente encore 12\u00a0h.',
}

async function replay(
  ports: QuestionPorts,
  before: Book,
  after: Book,
  from: number,
  until: number,
): Promise<{ tally: Tally; lately: ReadonlySet<string> }> {
  const tally = new Tally(before, after)
  const lately = new Set<string>()
  for await (const slice of ports.badgeRows(from, until)) {
    for (const { seq, at, event } of slice) {
      if (event.kind === 'access.withdrawn') continue // the same badge as the grant that it takes back
      tally.add(event, seq, at)
      if (event.kind !== 'access.granted' || at < until - AT_WORK_MS) continue
      lately.add(event.person)
      if (event.witness !== undefined) lately.add(event.witness)
    }
  }
  return { tally, lately }
}

interface AtWork {
  readonly grants: readonly Grant[]
  /** Pseudonyms of those let in somewhere in the last 12 h. */
  readonly lately: ReadonlySet<string>
  readonly now: number
}

async function onDuty(ports: QuestionPorts, before: Book, after: Book, at: AtWork): Promise<SimulateAnswer['onDuty']> {
  const { basis, people } = atWork(before, at)
  const check = new DutyCheck(before, after)
  const changes: DutyChange[] = []
  let began = performance.now()
  for (const [person, until] of people) {
    for (const change of check.of(person, at.now, until)) {
      if (change) changes.push(change)
      if (performance.now() - began < SLICE_MS) continue
      await ports.pause()
      began = performance.now()
    }
  }
  changes.sort(byName)
  const more = Math.max(0, changes.length - LIST_MAX)
  return { basis, people: people.size, changes: changes.slice(0, LIST_MAX), more }
}

/** Ids of people, and until when they are at work. */
function atWork(
  book: Book,
  { grants, lately, now }: AtWork,
): {
  basis: SimulateAnswer['onDuty']['basis']
  people: ReadonlyMap<string, number>
} {
  const people = new Map<string, number>()
  for (const g of grants) {
    if (g.origin !== 'shift' || g.from > now || g.until <= now) continue
    people.set(g.person, Math.max(g.until, people.get(g.person) ?? 0))
  }
  if (people.size > 0) return { basis: 'shift', people }
  const ids = [...lately].map(book.personOf).filter(id => id !== undefined)
  return { basis: 'granted-12h', people: new Map(ids.map(id => [id, now + AT_WORK_MS])) }
}
