/** A journal row as a line of the feed, so that both are told in the same words. Pure. */
import type { JournalRow, LiveEvent, Someone, VigieEvent } from './contract.ts'

type Who = JournalRow['who']
/** Every field that some event has; each may be absent. */
type Loose = Readonly<Record<string, unknown>>

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
/** Whom a pseudonym stands for; itself where there is no name to it, or none for this reader. */
export const nameOf = (pseudonym: string, who: Who): Someone =>
  who && Object.hasOwn(who, pseudonym) ? who[pseudonym]! : { name: pseudonym }

/** Without an event the payload was erased: when, and what kind it was, is all that is left. */
export function lineOf({ seq, at, kind, event, who }: JournalRow): LiveEvent {
  if (!event) return { seq, at, kind }
  const e: Loose = { ...event }
  return { seq, at, kind, ...placeOf(e), ...peopleOf(e, who), ...detailOf(event, e) } as LiveEvent
}

function placeOf(e: Loose): Partial<LiveEvent> {
  const fields = ['device', 'point', 'accessPoint', 'zone', 'plan'] as const
  return defined(Object.fromEntries(fields.map(f => [f, text(e[f])])))
}

function peopleOf(e: Loose, who: Who): Partial<LiveEvent> {
  const [person, witness, by] = [text(e.person) ?? text(e.operator), text(e.witness), text(e.by)]
  return defined({
    person: person === undefined ? undefined : nameOf(person, who),
    witness: witness === undefined ? undefined : nameOf(witness, who),
    by: by === undefined || by === 'reverted' || by.includes(':') ? by : nameOf(by, who).name,
  })
}

function detailOf(event: VigieEvent, e: Loose): Partial<LiveEvent> {
  const { kind } = event
  if (kind === 'access.granted')
    return event.via === undefined || event.via.kind === 'rule' ? {} : { via: event.via.kind }
  if (kind === 'access.denied' || kind === 'access.withdrawn') return { reason: event.reason }
  if (kind === 'device.refused') return { refusal: event.refusal, count: event.count }
  if (kind === 'break-glass.ended') return { why: event.why }
  if (kind === 'evacuation.released') return { count: event.released.length, silent: event.silent.length }
  if (kind === 'grant.issued' || kind === 'grant.revoked') return { origin: event.origin }
  if (kind === 'break-glass.review-closed') return defined({ finding: event.finding })
  return defined({ count: countOf(event, e), ms: number(kind === 'point.closed' ? e.openMs : e.tookMs) })
}

function countOf(event: VigieEvent, e: Loose): number | undefined {
  if (event.kind === 'rights.changed') return event.added + event.changed + event.removed
  const fields: Readonly<Partial<Record<VigieEvent['kind'], string>>> = {
    'device.gap': 'missing',
    'device.replayed': 'count',
    'journal.read': 'rows',
    'pin.alarm': 'wrong',
    'break-glass.review-overdue': 'escalation',
    'passback.reset': 'count',
    'badge.lost': 'ended',
    'payloads.erased': 'count',
  }
  const field = fields[event.kind]
  return field === undefined ? undefined : number(e[field])
}

function defined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
