/**
 * Why was this badge refused, or let in?
 *
 *   find      the row by its seq, or the badge events of a person or badge around a time
 *   restore   rights and grants of the revision each was decided by
 *   rebuild   what was presented, and as much of the situation as the row tells: what refused it is put in place
 *   explain   every rule looked at, decided by the same function as at the door
 *   compare   with what the journal says: a difference is told, not hidden
 */
import type { NamedId, WhyAnswer, WhyEvent, WhyQuestion } from '../access/ask.ts'
import type { Book } from '../access/ask-book.ts'
import { goodBadgeOf } from '../access/ask-simulate.ts'
import { standInFor } from '../access/ask-standin.ts'
import { type BadgeEvent, compared, journaledOf, rebuild } from '../access/ask-why.ts'
import { both, reasonWords } from '../access/ask-words.ts'
import { decide } from '../access/decide.ts'
import type { Decision } from '../access/decision.ts'
import { endingIn, explain } from '../access/explain.ts'
import { said } from '../access/french.ts'
import { type Labels, labelsOf } from '../access/labels.ts'
import { VigieError } from '../errors.ts'
import type { Recorded } from '../events.ts'
import { bookOf, type Held, personNamed, type QuestionPorts, type Told } from './question-ports.ts'
import { instantAsked } from './question-times.ts'

const MINUTE = 60_000
const DEFAULT_MINUTES = 10

type Row = Recorded<BadgeEvent>
type Around = Exclude<WhyQuestion, { readonly seq: number }>

/** @throws VigieError input-invalid: no such row, person or badge, a time that does not exist, rights no longer kept */
export async function why(ports: QuestionPorts, question: WhyQuestion): Promise<Told<WhyAnswer>> {
  const now = ports.held()
  const { timeZone } = now.site.site
  const { rows, ...looked } = 'seq' in question ? one(ports, question.seq) : await around(ports, now, question)
  const books = new Books(ports)
  const events: WhyEvent[] = []
  for (const row of rows) {
    events.push(explained(ports, books.of(row.event.rights), row))
    await ports.pause()
  }
  return { answer: { timeZone, events, ...looked }, rows: rows.length }
}

function one(ports: QuestionPorts, seq: number): { readonly rows: readonly Row[] } {
  const row = ports.badgeRow(seq)
  if (!row) throw new VigieError('input-invalid', { field: 'seq', expected: NO_ROW })
  return { rows: [row] }
}
const NO_ROW = { en: 'the seq of a badge event of the journal', fr: 'le numéro d’un passage de badge du journal' }

async function around(ports: QuestionPorts, now: Held, question: Around) {
  const concerns = subjectOf(now, question)
  const at = instantAsked(question.at, ports.now(), now.site.site.timeZone, true)
  const reach = (question.minutes ?? DEFAULT_MINUTES) * MINUTE
  const [from, until] = [at - reach, at + reach]
  const rows: Row[] = []
  for await (const slice of ports.badgeRows(from, until)) rows.push(...slice.filter(({ event }) => concerns(event)))
  return { rows, from, until }
}

/** @throws VigieError input-invalid naming `person` or `badge` */
function subjectOf({ pseudonyms }: Held, { person, badge }: Around): (event: BadgeEvent) => boolean {
  if ((person === undefined) === (badge === undefined))
    throw new VigieError('input-invalid', { field: 'person', expected: ONE_OF_BOTH })
  if (badge !== undefined) {
    const credential = pseudonyms.badge.get(badge.toUpperCase())
    if (credential === undefined) throw new VigieError('input-invalid', { field: 'badge', expected: NO_BADGE })
    return event => event.credential === credential
  }
  const pseudonym = pseudonyms.person.get(person ?? '')
  if (pseudonym === undefined) throw new VigieError('input-invalid', { field: 'person', expected: said(PERSON) })
  return event => event.person === pseudonym || witnessOf(event) === pseudonym
}
const witnessOf = (event: BadgeEvent): string | undefined => ('witness' in event ? event.witness : undefined)
const PERSON = 'an existing person id'
const ONE_OF_BOTH = { en: 'either a person or a badge', fr: 'soit une personne, soit un badge' }
const NO_BADGE = { en: 'the number of a badge of the site', fr: 'le numéro d’un badge du site' }

/** Several events were often decided by one revision: it is restored once. */
class Books {
  readonly #ports: QuestionPorts
  readonly #known = new Map<number, Book>()

  constructor(ports: QuestionPorts) {
    this.#ports = ports
  }

  /** @throws VigieError input-invalid where that revision is not kept */
  of(revision: number): Book {
    const known = this.#known.get(revision)
    if (known) return known
    const held = this.#ports.heldAt(revision)
    if (!held) throw new VigieError('input-invalid', { field: 'seq', expected: NOT_KEPT })
    // Grants are cut a day before `now`: at 0 none is left out.
    const book = bookOf(held, 0)
    this.#known.set(revision, book)
    return book
  }
}
const NOT_KEPT = {
  en: 'an event whose rights are still kept: those of its time are not',
  fr: 'un passage dont les droits sont encore conservés\u202f: ceux de ce moment ne le sont plus',
}

function explained(ports: QuestionPorts, book: Book, { seq, at, event }: Row): WhyEvent {
  const { request, situations, standIns } = rebuild(event, at, book.uidOf, p => goodBadgeOf(book, p, at))
  const nameOf = personNamed(ports)
  const labels = { ...labelsOf(book.site), person: (pseudonym: string) => nameOf(pseudonym).name }
  const refused = event.kind === 'access.denied' || event.kind === 'access.withdrawn'
  const standIn = refused ? standInFor(event, at, book.snapshot, situations) : undefined
  const { decision, steps } = explain(book.snapshot, standIn ?? situations, request, labels)
  const journaled = journaledOf(event)
  const found = compared(event, decision, decide(book.snapshot, situations, request), standIns)
  const witness = witnessOf(event)
  return {
    seq,
    at,
    ...(event.person !== undefined && { person: nameOf(event.person) }),
    ...(witness !== undefined && { witness: nameOf(witness) }),
    ...(event.accessPoint !== undefined && { accessPoint: placeOf(book, event.accessPoint) }),
    device: event.device,
    point: event.point,
    journaled: { ...journaled, text: journaledWords(book, journaled) },
    remade: { granted: decision.granted, reason: decision.reason, text: reasonWords(decision.reason) },
    rights: event.rights,
    ...found,
    steps: found.verdict === 'situation' ? ending(event, decision, steps, labels) : steps,
  }
}

/** What is taken from the journal as it stands is also what the explanation ends in. */
function ending(event: BadgeEvent, decision: Decision, steps: WhyEvent['steps'], labels: Labels): WhyEvent['steps'] {
  const { reason, because } = journaledOf(event)
  if (reason === 'granted' || reason === decision.reason) return steps
  const refusal = {
    granted: false,
    reason,
    rights: decision.rights,
    ...(because !== undefined && { because }),
  } as const
  return endingIn(steps, refusal, labels)
}

const placeOf = (book: Book, id: string): NamedId => ({ id, name: book.pointName(id) })

/** The reason, and what stood in the way by its name where it has one. */
function journaledWords(book: Book, { reason, because }: ReturnType<typeof journaledOf>) {
  const words = reasonWords(reason)
  const name = because === undefined ? undefined : nameIn(book, because)
  return name === undefined ? words : both(l => `${words[l]} (${name})`)
}

function nameIn({ site }: Book, id: string): string {
  const bare = id.split('/')[0]
  const lists = [site.lockdownPlans ?? [], site.zones, site.accessPoints, site.roles]
  return lists.flatMap(l => l.filter(i => i.id === bare)).map(i => i.name)[0] ?? id
}
