/**
 * Who is told of an incident, by which way, when, and what follows where a way fails. Pure. Times are milliseconds since
 * 1970, UTC. A message is due at least once: one that was handed over and not confirmed may come a second time, another way.
 */
import type { Severity } from './scenarios.ts'

export const CHANNELS = ['sms', 'mail', 'push'] as const
export type Channel = (typeof CHANNELS)[number]

/** How somebody wants to be told. */
export interface Contact {
  /** Pseudonym. */
  readonly operator: string
  readonly language: 'fr' | 'en'
  readonly mail?: string
  /** E.164, with its plus sign. */
  readonly phone?: string
  /** Minutes of the site's day; from later than until lies over midnight. Only what is critical comes through. */
  readonly quiet?: { readonly from: number; readonly until: number }
  /** In a browser that they gave leave to. */
  readonly push?: boolean
  /** Each morning by mail what was too low to be told. */
  readonly digest?: boolean
}

/** @returns ways in the order they are tried; what is critical goes to the pocket first */
export function waysTo(
  { mail, phone, push }: Contact,
  severity: Severity,
  offered: ReadonlySet<Channel>,
): readonly Channel[] {
  const has = { sms: phone !== undefined, mail: mail !== undefined, push: push === true }
  const order: readonly Channel[] = severity === 'critical' ? ['sms', 'push', 'mail'] : ['push', 'mail', 'sms']
  return order.filter(c => has[c] && offered.has(c))
}

const DAY_MINUTES = 1440
const MINUTE = 60_000
/** @param minute of the site's day, 0 to 1439, at `at` @returns when somebody may be told: `at` itself outside their quiet hours */
export function quietUntil(quiet: Contact['quiet'], minute: number, at: number): number {
  if (!quiet || quiet.from === quiet.until) return at
  const { from, until } = quiet
  const isQuiet = from < until ? minute >= from && minute < until : minute >= from || minute < until
  if (!isQuiet) return at
  return at + ((until - minute + DAY_MINUTES) % DAY_MINUTES) * MINUTE
}

/** `sending`: what came of it is not known yet; after a restart it may never be. */
export const MESSAGE_STATES = ['waiting', 'sending', 'handed-over', 'delivered', 'failed', 'dropped'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]
export const MESSAGE_CAUSES = ['unreachable', 'refused', 'unconfirmed', 'server-error', 'over'] as const
export type MessageCause = (typeof MESSAGE_CAUSES)[number]

/** One message to one person. */
export interface Message {
  /** Never two of the same: what it is about, and whom it goes to. */
  readonly id: string
  readonly about: 'incident' | 'test' | 'digest'
  readonly incident?: string
  readonly step?: number
  readonly operator: string
  readonly ways: readonly Channel[]
  readonly at: number
  readonly state: MessageState
  /** When it is looked at next. */
  readonly dueAt: number
  /** Which of the ways, from 0, and how often that one was tried. */
  readonly way: number
  readonly tries: number
  readonly cause?: MessageCause
  /** What the gateway calls it, and since when it has it. */
  readonly ref?: string
  readonly handedAt?: number
}

interface Step {
  readonly id: string
  readonly severity: Severity
  readonly step: number
}
/** Messages of a step of an incident's escalation; who can't be reached at all has none. */
export function messagesFor(
  { id, severity, step }: Step,
  people: readonly Contact[],
  { at, minute, offered }: { readonly at: number; readonly minute: number; readonly offered: ReadonlySet<Channel> },
): readonly Message[] {
  return people.flatMap((contact): Message[] => {
    const ways = waysTo(contact, severity, offered)
    if (ways.length === 0) return []
    const dueAt = severity === 'critical' ? at : quietUntil(contact.quiet, minute, at)
    const { operator } = contact
    return [
      { id: `${id}.${step}.${operator}`, about: 'incident', incident: id, step, operator, ways, at, dueAt, ...NEW },
    ]
  })
}
/** When digests go out, on the wall clock of the site, and how far back they look. */
export const DIGEST_TIME = '07:00'
export const DIGEST_MS = 24 * 3_600_000
/** One digest a day for whoever wants it. @param day of the site, such as 2026-11-24 */
export const digestOf = ({ operator }: Pick<Contact, 'operator'>, day: string, at: number): Message => ({
  ...{ id: `digest.${day}.${operator}`, about: 'digest', operator, ways: ['mail'], at, dueAt: at, ...NEW },
})
export const NEW = { state: 'waiting', way: 0, tries: 0 } as const

/** What came of a try, or of asking after what was handed over. */
export type Outcome =
  | { readonly is: 'delivered' }
  /** The gateway has it, and says later what became of it. */
  | { readonly is: 'handed-over'; readonly ref: string }
  /** It may do another time. */
  | { readonly is: 'passing'; readonly cause: MessageCause }
  /** This way will never do. */
  | { readonly is: 'refused'; readonly cause: MessageCause }
  /** Of what was handed over: still nothing. */
  | { readonly is: 'unknown' }

const AGAIN_MS = [5_000, 15_000, 60_000, 300_000, 900_000] as const
/** So often one way, while there is another. */
const TRIES = 3
const GIVE_UP_MS = 24 * 3_600_000
/** A gateway that says nothing for so long has lost it. */
export const CONFIRM_MS = 180_000
/** Most are there in seconds; then it is asked less often. */
const ASK_MS = 3_000
const ASK_LATER_MS = 15_000

/** @returns the message as it then stands */
export function afterTry(m: Message, outcome: Outcome, at: number): Message {
  switch (outcome.is) {
    case 'delivered':
      return { ...settled(m), state: 'delivered' }
    case 'handed-over':
      return { ...settled(m), state: 'handed-over', ref: outcome.ref, handedAt: at, dueAt: at + ASK_MS }
    case 'unknown':
      return askedInVain(m, at - (m.handedAt ?? at), at)
    case 'refused':
      return otherWay(m, outcome.cause, at)
    case 'passing':
      return again(m, outcome.cause, at)
  }
}
function askedInVain(m: Message, waited: number, at: number): Message {
  if (waited >= CONFIRM_MS) return otherWay(m, 'unconfirmed', at)
  return { ...m, dueAt: at + (waited < ASK_LATER_MS ? ASK_MS : ASK_LATER_MS) }
}
const settled = ({ cause: _, ...m }: Message): Message => m

function again(m: Message, cause: MessageCause, at: number): Message {
  const tries = m.tries + 1
  if (tries >= TRIES && m.way + 1 < m.ways.length) return otherWay(m, cause, at)
  if (at - m.at >= GIVE_UP_MS) return { ...m, state: 'failed', tries, cause }
  return { ...m, state: 'waiting', tries, cause, dueAt: at + (AGAIN_MS[tries - 1] ?? AGAIN_MS.at(-1)!) }
}
/** The next way at once; after the last one it has failed. */
function otherWay({ ref: _, handedAt: __, ...m }: Message, cause: MessageCause, at: number): Message {
  if (m.way + 1 >= m.ways.length) return { ...m, state: 'failed', tries: m.tries + 1, cause }
  return { ...m, state: 'waiting', way: m.way + 1, tries: 0, cause, dueAt: at }
}
/** Somebody has it by now: nobody needs to be told any more. */
export const dropped = (m: Message): Message => ({ ...m, state: 'dropped', cause: 'over' })
