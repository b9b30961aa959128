/** One event as the feed says it: what happened, where, to whom. Pure; text only. */
import type { LiveEvent } from './contract.ts'
import { duration, folded, inSentence, openFor, shortName } from './format.ts'
import { formOf, nounOf, pointNoun, type StateName } from './model.ts'
import type { Words } from './words/types.ts'

/** What the site knows of the names in an event. */
export interface Names {
  device(id: string | undefined): { readonly name: string; readonly model: string } | undefined
  zone(id: string | undefined): { readonly name: string } | undefined
  accessPoint(id: string | undefined): { readonly name: string } | undefined
  /** A lockdown or evacuation plan. */
  plan(id: string | undefined): { readonly name: string } | undefined
}
export interface Sentence {
  readonly what: string
  /** From the larger to the smaller: zone, thing. */
  readonly where: readonly string[]
  /** Who, with whom, what was refused, how long, by whom: a few short pieces. */
  readonly detail: readonly string[]
}

const POINT_STATES: Readonly<Partial<Record<LiveEvent['kind'], StateName>>> = {
  'point.opened': 'open',
  'point.closed': 'closed',
  'point.forced': 'forced',
  'point.locked': 'locked',
  'point.released': 'released',
}

/**
 * `full`: with the person's role after the name, and with what the row above has just said, where there is room for it:
 * a lock that did as told answers a grant, which names the zone and the person.
 */
export function narrate(e: LiveEvent, w: Words, names: Names, full = false): Sentence {
  const brief = !full && e.kind === 'lock.unlocked'
  const where = whereOf(e, names)
  return {
    what: whatOf(e, w, names),
    where: brief ? where.slice(-1) : where,
    detail: brief ? [tookOf(e, w)].filter(Boolean) : detailOf(e, w, full),
  }
}
/** All of a row's words, for searching. */
export function rowText(e: LiveEvent, w: Words, names: Names): string {
  const { what, where, detail } = narrate(e, w, names, true)
  return [what, where.join(', '), ...detail, names.zone(e.zone)?.name, e.device, e.person?.name].join(' ')
}

function whatOf(e: LiveEvent, w: Words, names: Names): string {
  const state = POINT_STATES[e.kind]
  if (state && e.point !== undefined) {
    const { noun, number } = pointNoun(e.point, formOf(names.device(e.device)?.model ?? ''))
    return w.phrase(state, noun, number)
  }
  if (e.kind === 'device.offline') return w.stateWord('silent', nounOf(formOf(names.device(e.device)?.model ?? '')))
  if (e.kind === 'access.denied' && e.reason && e.reason !== 'granted') return w.refused(w.reasons[e.reason])
  return w.kinds[e.kind]
}

function whereOf(e: LiveEvent, names: Names): readonly string[] {
  if (e.plan !== undefined) return [names.plan(e.plan)?.name ?? e.plan, ...placeOf(e, names)]
  return placeOf(e, names)
}

function placeOf(e: LiveEvent, names: Names): readonly string[] {
  const zone = names.zone(e.zone)?.name
  const device = names.device(e.device)?.name ?? e.device
  // `Tiroir 3 ouvert` has already named the drawer; the device is enough.
  const thing = POINT_STATES[e.kind] ? device : (names.accessPoint(e.accessPoint)?.name ?? device)
  if (zone === undefined || thing === undefined) return [zone ?? thing ?? ''].filter(Boolean)
  return folded(thing).includes(folded(zone)) ? [thing] : [zone, thing]
}

function detailOf(e: LiveEvent, w: Words, full: boolean): readonly string[] {
  const refusal = e.refusal ? w.refusals[e.refusal] : ''
  return [
    whoOf(e.person, full),
    e.kind === 'access.withdrawn' && e.reason && e.reason !== 'granted' ? w.reasons[e.reason] : '',
    e.witness ? w.situations.with(whoOf(e.witness, full)) : '',
    [refusal, countOf(e, w)].filter(Boolean).join(' '),
    tookOf(e, w),
    ...actOf(e, w),
    e.unrecorded ? w.feed.unrecorded : '',
  ].filter(Boolean)
}

function whoOf(person: LiveEvent['person'], full: boolean): string {
  if (!person) return ''
  const role = full && person.role ? inSentence(person.role) : ''
  return [shortName(person.name), role].filter(Boolean).join(', ')
}

/** How often something was refused; how many rows were read, locks released, things ended. */
function countOf({ kind, count, silent }: LiveEvent, w: Words): string {
  if (count === undefined) return ''
  if (kind === 'evacuation.released') return w.situations.released(count, silent ?? 0)
  if (kind === 'badge.lost') return count > 0 ? w.situations.endedWith(count) : ''
  if (kind === 'passback.reset') return w.situations.positions(count)
  if (count < 2) return ''
  return kind === 'journal.read' ? w.lines(count) : `\u00d7\u202f${count}`
}

/** How it came about: what opened, what was found, who did it. */
function actOf({ via, why, finding, origin, by, tenant }: LiveEvent, w: Words): readonly string[] {
  return [
    tenant ?? '',
    via ? w.situations.via[via] : '',
    why ? w.situations.why[why] : '',
    finding ? w.situations.findings[finding] : '',
    origin ? w.situations.origins[origin] : '',
    by === undefined ? '' : by === 'reverted' ? w.situations.reverted : w.situations.by(nameOf(by, w)),
  ]
}

const TENANT = 'tenant:'
/** A person in short; an application as what it is, whatever it is called. */
const nameOf = (by: string, w: Words): string =>
  by.startsWith(TENANT) ? w.situations.application(by.slice(TENANT.length)) : shortName(by)

/** A lock answers in milliseconds; people open and close in seconds. */
function tookOf({ kind, ms }: LiveEvent, w: Words): string {
  if (ms === undefined) return ''
  return kind.startsWith('point.') ? openFor(ms, w.locale) : duration(ms, w.locale)
}
