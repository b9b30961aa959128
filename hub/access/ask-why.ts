/**
 * A badge event of the journal, put again before the rights of its time. What was presented is in the row; what was going
 * on (a lockdown, who was inside) is not kept, so a reason that comes from there is taken as the journal gives it, and put
 * in place for the explanation (ask-standin.ts).
 */
import type { Said } from '../errors.ts'
import type { AccessAwaiting, AccessDenied, AccessGranted, AccessWithdrawn } from '../events.ts'
import type { WhyEvent } from './ask.ts'
import { isSituational } from './ask-standin.ts'
import type { AccessRequest, Decision } from './decision.ts'
import { REASONS, type Reason } from './reasons.ts'
import { CALM, type Situations } from './situations.ts'

export type BadgeEvent = AccessGranted | AccessDenied | AccessWithdrawn | AccessAwaiting

/** Of the message or of the journal, not of the rights. */
const OF_THE_MESSAGE: ReadonlySet<Reason> = new Set(['stale-message', 'rate-limited', 'audit-unavailable'])

/** What the row tells of the situation, rebuilt: the first of two people, an emergency opening that was running. */
export type StandIn = 'witness' | 'break-glass'
export interface Rebuilt {
  readonly request: AccessRequest
  readonly situations: Situations
  readonly standIns: readonly StandIn[]
}

/** Never a badge number: the row named no badge, and neither does the request. */
const NO_BADGE = 'unknown'

/**
 * @param at hub time of the row, ms
 * @param uidOf number of a badge by pseudonym
 * @param badgeOf number of a badge of a person, by pseudonym, that was good at that time: for the second of two people
 */
export function rebuild(
  event: BadgeEvent,
  at: number,
  uidOf: (credential: string) => string | undefined,
  badgeOf: (person: string) => string | undefined,
): Rebuilt {
  const uid = event.credential === undefined ? undefined : uidOf(event.credential)
  const joint = event.kind === 'access.granted' || event.kind === 'access.withdrawn' ? event : undefined
  const witness = joint?.witness === undefined ? undefined : badgeOf(joint.witness)
  const presented = presentedIn(event)
  const request = { device: event.device, point: event.point, at, uid: uid ?? NO_BADGE, ...presented }
  if (joint && witness !== undefined)
    return {
      request: { device: event.device, point: event.point, at, uid: witness },
      situations: awaiting(joint, at),
      standIns: ['witness'],
    }
  const running = runningIn(event)
  if (running !== undefined) return { request, situations: emergency(running, at), standIns: ['break-glass'] }
  return { request, situations: CALM, standIns: [] }
}

/** An emergency opening that had begun before. Rows of a first version have no `via`. */
function runningIn(event: BadgeEvent): { readonly key: string; readonly id: string } | undefined {
  if (event.kind !== 'access.granted' || event.breakGlass || event.via?.kind !== 'break-glass') return undefined
  return { key: `${event.person}/${event.accessPoint}`, id: event.via.id }
}

function presentedIn(event: BadgeEvent): Pick<AccessRequest, 'pin' | 'statedReason' | 'reference' | 'breakGlass'> {
  return {
    ...(event.pin !== undefined && { pin: event.pin }),
    ...(event.statedReason !== undefined && { statedReason: event.statedReason }),
    ...(event.reference !== undefined && { reference: event.reference }),
    ...(event.breakGlass && { breakGlass: true }),
  }
}

function awaiting(event: AccessGranted | AccessWithdrawn, at: number): Situations {
  // No emergency: whoever presses that button waits for nobody.
  const { breakGlass: _, ...presented } = presentedIn(event)
  const row = {
    person: event.person,
    credential: event.credential,
    // Whatever awaited a second person was about an access point.
    accessPoint: event.accessPoint!,
    since: at,
    until: at + 1,
    ...presented,
  }
  return { ...CALM, witness: new Map([[`${event.device}/${event.point}`, row]]) }
}

function emergency({ key, id }: { readonly key: string; readonly id: string }, at: number): Situations {
  return { ...CALM, 'break-glass': new Map([[key, { id, since: at, until: at + 1 }]]) }
}

/** What the journal says was decided. */
export function journaledOf(event: BadgeEvent): Pick<WhyEvent['journaled'], 'granted' | 'reason' | 'because'> {
  if (event.kind === 'access.granted') return { granted: true, reason: 'granted' }
  if (event.kind === 'access.awaiting') return { granted: false, reason: 'witness-awaited' }
  return { granted: false, reason: event.reason, ...(event.because !== undefined && { because: event.because }) }
}

/**
 * Sets what was decided beside what is decided again, and says which of the two to believe, and why.
 * @param again with the situation that the journaled reason came from
 * @param calm without it
 */
export function compared(
  event: BadgeEvent,
  again: Decision,
  calm: Decision,
  standIns: readonly StandIn[],
): Pick<WhyEvent, 'verdict' | 'notes'> {
  const { reason } = journaledOf(event)
  const notes = standIns.map(s => STAND_INS[s])
  if (OF_THE_MESSAGE.has(reason)) return { verdict: 'situation', notes: [...notes, NOT_RIGHTS, without(calm)] }
  if (isSituational(reason) && reaches(again, reason))
    return { verdict: 'situation', notes: [...notes, AS_GIVEN, without(calm)] }
  return reason === again.reason
    ? { verdict: 'same', notes }
    : { verdict: 'differs', notes: [...notes, differs(reason, again.reason)] }
}

/** The row of two people's refusal names the first one only: without the second it is not reached, and does not contradict. */
const reaches = (again: Decision, reason: Reason): boolean =>
  again.reason === reason || again.reason === 'witness-awaited'

const AS_GIVEN: Said = {
  fr: 'Ce motif vient de la situation du moment, qui n’est pas conservée\u202f: il est repris du journal tel quel.',
  en: 'This reason comes from the situation of that moment, which is not kept: it is taken from the journal as it stands.',
}
const NOT_RIGHTS: Said = {
  fr: 'Ce motif tient au message ou au journal, non aux droits\u202f: il est repris du journal tel quel.',
  en: 'This reason is about the message or the journal, not about rights: it is taken from the journal as it stands.',
}
const STAND_INS: Readonly<Record<StandIn, Said>> = {
  witness: {
    fr: 'La première personne attendait\u202f: c’est repris du journal.',
    en: 'The first person was waiting: that is taken from the journal.',
  },
  'break-glass': {
    fr: 'Un bris de glace était en cours\u202f: c’est repris du journal.',
    en: 'An emergency opening was under way: that is taken from the journal.',
  },
}

const without = ({ reason }: Decision): Said => ({
  fr: `Sans cela, les droits de ce moment donnent\u202f: ${REASONS[reason].fr}.`,
  en: `Without it, the rights of that time come to: ${REASONS[reason].en}.`,
})
const differs = (then: Reason, again: Reason): Said => ({
  fr: `Désaccord\u202f: le journal dit «\u202f${REASONS[then].fr}\u202f», les droits et accès temporaires de ce moment donnent «\u202f${REASONS[again].fr}\u202f», et aucune situation ne l’explique.`,
  en: `Disagreement: the journal says “${REASONS[then].en}”, the rights and grants of that time come to “${REASONS[again].en}”, and no situation accounts for it.`,
})
