/** What a decision on a badge says in the journal: the verdict's row, and the rows that are told beside it. Pure. */
import type { Badge } from '#devices/messages.ts'
import type { AccessRequest, Consequences, Decision, Denied, Granted, Tell } from '../access/decision.ts'
import type { PinFact, SituationChange, SituationRows, Situations } from '../access/situations.ts'
import type { SnapshotBadge } from '../access/snapshot.ts'
import type {
  AccessAwaiting,
  AccessDenied,
  AccessGranted,
  AccessWithdrawn,
  AuditUnavailable,
  BreakGlassEnded,
  Place,
  Presented,
  VigieEvent,
} from '../events.ts'
import type { Entry } from '../ports.ts'
import type { Incoming } from './message-received.ts'

export type Verdict = AccessGranted | AccessDenied | AccessAwaiting
export const QUIET: Consequences = { changes: [], tells: [] }

export function requestOf({ message, origin, at }: Incoming<Badge>, pin: PinFact | undefined): AccessRequest {
  const { reason, reference, breakGlass } = message
  return {
    device: origin.device,
    point: message.point,
    uid: message.credential.uid,
    at,
    ...(pin === undefined ? {} : { pin }),
    ...(reason === undefined ? {} : { statedReason: reason }),
    ...(reference === undefined ? {} : { reference }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  }
}

/**
 * A message that waited on its way opens nothing and begins nothing, whatever the rights say. Its PIN is not looked into:
 * a reader that sends old messages must learn nothing about a PIN that is not counted as a try.
 */
export function tooLate({ message }: Incoming<Badge>, decision: Decision): Decision {
  const unchecked = message.pin !== undefined && decision.reason === 'pin-required'
  if (!decision.granted && decision.reason !== 'witness-awaited' && !unchecked) return decision
  return insteadOf(decision, 'stale-message')
}

/** A refusal that is not about rights, in the place of what would have opened. */
export const insteadOf = (decision: Decision, reason: 'stale-message' | 'audit-unavailable'): Denied => ({
  granted: false,
  reason,
  rights: decision.rights,
  ...subjectOf(decision),
})

/**
 * @param brought broughtFor()
 * @param ids of the unlock command, and of an emergency opening that begins
 */
export function verdictOf(
  { message, origin, at }: Incoming<Badge>,
  brought: AccessRequest,
  decision: Decision,
  ids: { readonly command: string; readonly breakGlass: string },
): Verdict {
  const about = { ...origin, point: message.point, ...presentedOf(brought, decision.rights), ...subjectOf(decision) }
  if (decision.granted) return { kind: 'access.granted', ...about, ...openingOf(decision, ids) }
  const { reason, because, person, credential, waitMs } = decision
  if (reason === 'witness-awaited' && person !== undefined && credential !== undefined)
    return { kind: 'access.awaiting', ...about, person, credential, until: at + (waitMs ?? 0) }
  return { kind: 'access.denied', ...about, reason, ...(because === undefined ? {} : { because }) }
}

function openingOf(decision: Granted, ids: { readonly command: string; readonly breakGlass: string }) {
  const { person, credential, unlockMs, via, witness } = decision
  return {
    person,
    credential,
    unlockMs,
    command: ids.command,
    via: via.kind === 'break-glass' ? { kind: via.kind, id: via.begins ? ids.breakGlass : via.id } : via,
    ...(witness === undefined ? {} : { witness }),
  } as const
}

/**
 * What stands in a row beside a person is what that person brought. Of two people that is the first one: their row, kept
 * since they badged, has it; the request is the second one's.
 * @param badge at the reader now
 * @param awaited the row, as it stood when this badge came
 */
export function broughtFor(
  request: AccessRequest,
  decision: Decision,
  badge: SnapshotBadge | undefined,
  awaited: SituationRows['witness'] | undefined,
): AccessRequest {
  if (awaited === undefined || badge === undefined || decision.person === badge.holder.person) return request
  const { device, point, uid, at } = request
  const { pin, statedReason, reference } = awaited
  return {
    ...{ device, point, uid, at },
    ...(pin === undefined ? {} : { pin }),
    ...(statedReason === undefined ? {} : { statedReason }),
    ...(reference === undefined ? {} : { reference }),
  }
}

/** Duress stands as `right`: whoever may read who passed need not read that. */
function presentedOf({ pin, statedReason, reference, breakGlass }: AccessRequest, rights: number): Presented {
  return {
    rights,
    ...(pin === undefined ? {} : { pin: pin === 'duress' ? ('right' as const) : pin }),
    ...(statedReason === undefined ? {} : { statedReason }),
    ...(reference === undefined ? {} : { reference }),
    ...(breakGlass ? { breakGlass } : {}),
  }
}

/** The verdict first, with all rows of situations that change; what is told beside it is in the same commit. */
export function entriesOf(
  { message, origin, at }: Incoming<Badge>,
  verdict: Verdict,
  changes: readonly SituationChange[],
  told: readonly VigieEvent[],
): readonly [Entry, ...Entry[]] {
  const inbox = { device: origin.device, seq: message.seq, id: message.id }
  const first: Entry = { event: verdict, at, inbox, ...(changes.length > 0 ? { situations: changes } : {}) }
  return [first, ...told.map(event => ({ event, at }))]
}

/**
 * Of a PIN or of a muster the badge at the reader is told; of an emergency opening and of a passage the person who was let
 * in, who is another one where a second person's badge completed it. So is one whose own PIN, before, was the cry for help.
 */
export function toldOf(
  incoming: Incoming<Badge>,
  request: AccessRequest,
  decision: Decision,
  tells: readonly Tell[],
  badge: SnapshotBadge | undefined,
): VigieEvent[] {
  const held = badge && { person: badge.holder.person, credential: badge.credential }
  return tells.flatMap(tell => {
    const { person, credential } = (isOfBadge(tell, request) ? held : undefined) ?? decision
    if (person === undefined || credential === undefined) return []
    return [toldEvent(tell, { ...placeOf(incoming, decision), person, credential })]
  })
}

function isOfBadge({ kind }: Tell, { pin }: AccessRequest): boolean {
  if (kind === 'duress.raised') return pin === 'duress'
  return kind === 'pin.alarm' || kind === 'muster.counted'
}

function toldEvent(tell: Tell, about: ReturnType<typeof placeOf> & { person: string; credential: string }): VigieEvent {
  if (tell.kind === 'access.lapsed') {
    const { credential: _, ...place } = about
    return { ...place, ...tell }
  }
  if (tell.kind !== 'muster.counted') return { ...about, ...tell }
  const { person, accessPoint } = about
  return { kind: tell.kind, plan: tell.plan, person, ...(accessPoint === undefined ? {} : { accessPoint }) }
}

/**
 * A grant that is taken back before the lock heard of it; an emergency that began with it ends with it, unless it was ended
 * already.
 * @param entries the rows of the grant @param situations as they stand before anything is undone
 */
export function withdrawnOf(
  granted: AccessGranted,
  { reason, because, rights }: Denied,
  entries: readonly Entry[],
  situations: Situations,
): [AccessWithdrawn, ...BreakGlassEnded[]] {
  const { unlockMs: _, via: __, ...about } = granted
  const { person, accessPoint = '' } = granted
  const why = because === undefined ? { reason } : { reason, because }
  const running = situations['break-glass'].get(`${person}/${accessPoint}`)?.id
  const ended = entries.flatMap(({ event }): BreakGlassEnded[] =>
    event.kind === 'break-glass.opened' && event.id === running
      ? [{ kind: 'break-glass.ended', id: event.id, person, accessPoint, why: 'withdrawn' }]
      : [],
  )
  return [{ ...about, kind: 'access.withdrawn', rights, ...why }, ...ended]
}

export function unrecorded(incoming: Incoming<Badge>, verdict: Verdict, outcome: 'refused' | 'opened'): Entry {
  const { message, origin, at } = incoming
  const { device } = origin
  const event: AuditUnavailable = {
    kind: 'audit.unavailable',
    device,
    point: message.point,
    request: message.id,
    ...subjectOf(verdict),
    outcome,
  }
  return { event, at }
}

/** True whatever the answer was: wrong PINs count, and who stands at a muster reader is out of the building. */
export const isFact = ({ kind }: SituationChange): boolean => kind === 'pin' || kind === 'mustered'
export const tellsFact = ({ kind }: VigieEvent): boolean =>
  kind === 'duress.raised' || kind === 'pin.alarm' || kind === 'muster.counted'

interface Subject extends Partial<Place> {
  readonly person?: string
  readonly credential?: string
}
export const subjectOf = ({ person, credential, ...place }: Subject) => ({
  ...whereOf(place),
  ...(person === undefined ? {} : { person }),
  ...(credential === undefined ? {} : { credential }),
})

const placeOf = ({ message, origin }: Incoming<Badge>, decision: Subject) => ({
  device: origin.device,
  point: message.point,
  ...whereOf(decision),
})

const whereOf = ({ accessPoint, zone, class: pointClass }: Partial<Place>) => ({
  ...(accessPoint === undefined ? {} : { accessPoint }),
  ...(zone === undefined ? {} : { zone }),
  ...(pointClass === undefined ? {} : { class: pointClass }),
})
