/** One event as the feed says it: what happened, where, to whom. Pure; text only. */
import type { LiveEvent } from './contract.ts'
import { duration, folded, shortName } from './format.ts'
import { formOf, pointNoun, type StateName } from './model.ts'
import type { Words } from './words/types.ts'

/** What the site knows of the names in an event. */
export interface Names {
  device(id: string | undefined): { readonly name: string; readonly model: string } | undefined
  zone(id: string | undefined): { readonly name: string } | undefined
  accessPoint(id: string | undefined): { readonly name: string } | undefined
}
export interface Sentence {
  readonly what: string
  readonly where: string
  readonly detail: string
}

const POINT_STATES: Readonly<Partial<Record<LiveEvent['kind'], StateName>>> = {
  'point.opened': 'open',
  'point.closed': 'closed',
  'point.forced': 'forced',
  'point.locked': 'locked',
  'point.released': 'released',
}

/** `roles`: with the person's role after the name, where a row has the room. */
export function narrate(e: LiveEvent, w: Words, names: Names, roles = false): Sentence {
  return { what: whatOf(e, w, names), where: whereOf(e, names), detail: detailOf(e, w, roles) }
}
/** All of a row's words, for searching. */
export function rowText(e: LiveEvent, w: Words, names: Names): string {
  const { what, where, detail } = narrate(e, w, names, true)
  return [what, where, detail, names.zone(e.zone)?.name, e.device, e.person?.name].join(' ')
}

function whatOf(e: LiveEvent, w: Words, names: Names): string {
  const state = POINT_STATES[e.kind]
  if (state && e.point !== undefined) {
    const { noun, number } = pointNoun(e.point, formOf(names.device(e.device)?.model ?? ''))
    return w.phrase(state, noun, number)
  }
  if (e.kind === 'access.denied' && e.reason && e.reason !== 'granted') return w.refused(w.reasons[e.reason])
  return w.kinds[e.kind]
}

function whereOf(e: LiveEvent, names: Names): string {
  const zone = names.zone(e.zone)?.name
  const device = names.device(e.device)?.name ?? e.device
  // `Tiroir 3 ouvert` has already named the drawer; the device is enough.
  const thing = POINT_STATES[e.kind] ? device : (names.accessPoint(e.accessPoint)?.name ?? device)
  if (zone === undefined || thing === undefined) return zone ?? thing ?? ''
  return folded(thing).includes(folded(zone)) ? thing : `${zone}, ${thing}`
}

function detailOf(e: LiveEvent, w: Words, roles: boolean): string {
  const who = e.person ? shortName(e.person.name) : ''
  const role = (roles && e.person?.role) || ''
  const refusal = e.refusal ? w.refusals[e.refusal] : ''
  const count = e.count !== undefined && e.count > 1 ? `\u00d7\u202f${e.count}` : ''
  const took = e.ms === undefined ? '' : duration(e.ms, w.locale)
  return [[who, role].filter(Boolean).join(', '), [refusal, count].filter(Boolean).join(' '), took]
    .filter(Boolean)
    .join(' · ')
}
