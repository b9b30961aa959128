/**
 * How long each row of the journal keeps its payload, and what keeps it longer. Pure: (row, policy, holds, now) in, what is
 * due out. A row whose purpose is not known is never due: nothing is erased by guessing.
 */
import type { PointClass } from '../access/site-classes.ts'
import type { EventKind } from '../events.ts'
import { PURPOSES, type Purpose, type RetentionPolicy } from './purposes.ts'

export { PURPOSE_NAMES, PURPOSES, type Purpose, type RetentionPolicy } from './purposes.ts'

const DAY_MS = 86_400_000

/**
 * `place`: as what is behind the access point asks. `alarm`: the same behind controlled drugs, else that of alarms. `never`:
 * it vouches for other rows, and names nobody. A record, so that a new kind does not compile without a purpose.
 */
const KEPT_FOR: Readonly<Record<EventKind, Purpose | 'place' | 'alarm' | 'never'>> = {
  'access.granted': 'place',
  'access.denied': 'place',
  'access.withdrawn': 'place',
  'access.awaiting': 'place',
  'access.lapsed': 'place',
  'lock.unlocked': 'place',
  'lock.kept': 'place',
  'lock.locked': 'place',
  'lock.refused': 'place',
  'lock.failed': 'place',
  'lock.silent': 'place',
  'point.opened': 'place',
  'point.closed': 'place',
  'point.locked': 'place',
  'point.released': 'place',
  'exit.requested': 'place',
  'audit.unavailable': 'place',
  'duress.raised': 'alarm',
  'pin.alarm': 'alarm',
  'passback.violated': 'alarm',
  'break-glass.opened': 'alarm',
  'break-glass.ended': 'alarm',
  'break-glass.review-overdue': 'alarm',
  'break-glass.review-closed': 'alarm',
  'point.forced': 'alarm',
  'tamper.raised': 'alarm',
  'tamper.cleared': 'alarm',
  'lockdown.started': 'alarms',
  'lockdown.ended': 'alarms',
  'evacuation.started': 'alarms',
  'evacuation.ended': 'alarms',
  'evacuation.resumed': 'alarms',
  'evacuation.paused': 'alarms',
  'evacuation.released': 'alarms',
  'muster.counted': 'alarms',
  'grant.issued': 'administration',
  'grant.revoked': 'administration',
  'badge.lost': 'administration',
  'pin.set': 'administration',
  'pin.cleared': 'administration',
  'passback.reset': 'administration',
  'interlock.reset': 'administration',
  'rights.changed': 'administration',
  'operator.created': 'administration',
  'operator.signed-in': 'administration',
  'operator.signed-out': 'administration',
  'operator.refused': 'administration',
  'operator.linked': 'administration',
  'operator.stepped-up': 'administration',
  'operator.password-changed': 'administration',
  'operator.factor-added': 'administration',
  'operator.factor-removed': 'administration',
  'operator.invited': 'administration',
  'operator.reset': 'administration',
  'operator.changed': 'administration',
  'operator.not-allowed': 'administration',
  'token.created': 'administration',
  'token.revoked': 'administration',
  'operator.provisioned': 'administration',
  'person.departed': 'administration',
  'directory.group-changed': 'administration',
  'tenant.registered': 'administration',
  'tenant.changed': 'administration',
  'tenant.token-made': 'administration',
  'tenant.cut-off': 'administration',
  'tenant.refused': 'administration',
  'webhook.created': 'administration',
  'webhook.changed': 'administration',
  'webhook.removed': 'administration',
  'webhook.secret-made': 'administration',
  'webhook.dead': 'administration',
  'webhook.paused': 'administration',
  'webhook.redelivered': 'administration',
  'approval.asked': 'administration',
  'approval.given': 'administration',
  'approval.refused': 'administration',
  'approval.withdrawn': 'administration',
  'approval.expired': 'administration',
  'approval.failed': 'administration',
  'movement.filed': 'administration',
  'movement.changed': 'administration',
  'movement.task-done': 'administration',
  'movement.task-reopened': 'administration',
  'movement.done': 'administration',
  'movement.cancelled': 'administration',
  'visit.announced': 'administration',
  'visit.changed': 'administration',
  'visit.ended': 'administration',
  'visit.cancelled': 'administration',
  'job.changed': 'administration',
  'incident.raised': 'alarms',
  'incident.joined': 'alarms',
  'incident.restored': 'alarms',
  'incident.acknowledged': 'alarms',
  'incident.assigned': 'alarms',
  'incident.snoozed': 'alarms',
  'incident.resolved': 'alarms',
  'incident.escalated': 'alarms',
  'alert.delivered': 'alarms',
  'alert.undelivered': 'alarms',
  'contact.changed': 'administration',
  'zone.armed': 'administration',
  'zone.disarmed': 'administration',
  'maintenance.started': 'administration',
  'maintenance.ended': 'administration',
  'scenario.flapping': 'administration',
  'station.paired': 'administration',
  'station.unpaired': 'administration',
  'device.enrolled': 'administration',
  'device.renewed': 'administration',
  'device.revoked': 'administration',
  'device.added': 'administration',
  'device.code': 'administration',
  'journal.read': 'administration',
  'journal.exported': 'administration',
  'journal.export-failed': 'administration',
  'privacy.erasure-asked': 'administration',
  'privacy.erased': 'administration',
  'privacy.access-given': 'administration',
  'privacy.purge-failed': 'administration',
  'hold.placed': 'administration',
  'hold.released': 'administration',
  'backup.made': 'administration',
  'backup.failed': 'administration',
  'backup.overdue': 'administration',
  'backup.restored': 'administration',
  'backup.key-made': 'administration',
  'state.changed': 'technical',
  readings: 'technical',
  'device.online': 'technical',
  'device.offline': 'technical',
  'device.refused': 'technical',
  'device.gap': 'technical',
  'device.replayed': 'technical',
  'destination.failed': 'technical',
  'destination.recovered': 'technical',
  'storage.warning': 'technical',
  'storage.full': 'technical',
  'storage.recovered': 'technical',
  'hub.started': 'technical',
  'hub.stopped': 'technical',
  'journal.key-rotated': 'never',
  'payloads.erased': 'never',
}
/** Every kind of row there is. */
export const EVENT_KINDS = Object.keys(KEPT_FOR) as readonly EventKind[]

const OF_CLASS: Readonly<Record<PointClass, Purpose>> = {
  'controlled-drugs': 'controlled-drugs',
  medicines: 'medicines',
  records: 'records',
  'it-equipment': 'passages',
  door: 'passages',
  'escape-door': 'passages',
  'crash-cart': 'passages',
}

/**
 * @param kind of another version of the program where it is not in the table
 * @param behind class of the access point the row names, if it names one
 * @returns undefined for rows that are kept for ever
 */
export function purposeOf(kind: string, behind?: PointClass): Purpose | undefined {
  const rule = Object.hasOwn(KEPT_FOR, kind) ? KEPT_FOR[kind as EventKind] : 'never'
  if (rule === 'never') return undefined
  if (rule === 'alarm') return behind === 'controlled-drugs' ? 'controlled-drugs' : 'alarms'
  if (rule === 'place') return behind === undefined ? 'passages' : OF_CLASS[behind]
  return rule
}

/** Milliseconds. What the law asks for is not undercut, whatever the policy says. */
export function termOf(purpose: Purpose, policy: RetentionPolicy = {}): number {
  const { days, min, required } = PURPOSES[purpose]
  const wanted = policy[purpose] ?? days
  return (required ? Math.max(wanted, min) : wanted) * DAY_MS
}

/** The shortest of all terms, milliseconds: what is younger is not due, whatever it is kept for. */
export const shortestTerm = (policy: RetentionPolicy): number =>
  Math.min(...(Object.keys(PURPOSES) as Purpose[]).map(p => termOf(p, policy)))

/** What retention needs to know of a row that has its payload. */
export interface KeptRow {
  readonly seq: number
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  readonly kind: string
  readonly class?: PointClass
  readonly accessPoint?: string
  readonly zone?: string
  /** Pseudonyms of people and badges. */
  readonly names: ReadonlySet<string>
}

/** What a hold keeps: all that it names must fit. `from` inclusive, `until` exclusive, ms since 1970. */
export interface HoldScope {
  /** Pseudonym. */
  readonly person?: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly class?: PointClass
  readonly kinds?: readonly string[]
  readonly from?: number
  readonly until?: number
}
/** A hold with what the registry knows of what it names. */
export interface Holding extends HoldScope {
  readonly id: string
  /** The person's pseudonym and those of their badges. */
  readonly people?: ReadonlySet<string>
  /** The zone and those below it. */
  readonly zones?: ReadonlySet<string>
}

/** True if the hold keeps this row. */
export function keeps(hold: Holding, row: KeptRow): boolean {
  if (hold.from !== undefined && row.at < hold.from) return false
  if (hold.until !== undefined && row.at >= hold.until) return false
  if (hold.kinds && !hold.kinds.includes(row.kind)) return false
  if (hold.class !== undefined && row.class !== hold.class) return false
  if (hold.accessPoint !== undefined && row.accessPoint !== hold.accessPoint) return false
  if (hold.zone !== undefined && !(hold.zones ?? new Set([hold.zone])).has(row.zone ?? '')) return false
  return hold.person === undefined || meets(hold.people ?? new Set([hold.person]), row.names)
}

const meets = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean => [...some].some(s => others.has(s))

export interface Due {
  readonly seq: number
  readonly purpose: Purpose
}

/** Rows whose term has passed and that no hold keeps. */
export function due(rows: readonly KeptRow[], policy: RetentionPolicy, holds: readonly Holding[], now: number): Due[] {
  return rows.flatMap(row => {
    const purpose = purposeOf(row.kind, row.class)
    if (purpose === undefined || row.at + termOf(purpose, policy) > now) return []
    return holds.some(h => keeps(h, row)) ? [] : [{ seq: row.seq, purpose }]
  })
}

export type Standing =
  | { readonly goes: true }
  /** `until`: the end of the term the law asks for, ms; absent where only a hold keeps it. */
  | { readonly goes: false; readonly purpose: Purpose; readonly until?: number; readonly hold?: string }

/** Whether a row about somebody goes with a request for erasure, or what keeps it. Undefined: it is kept for ever. */
export function onRequest(
  row: KeptRow,
  policy: RetentionPolicy,
  holds: readonly Holding[],
  now: number,
): Standing | undefined {
  const purpose = purposeOf(row.kind, row.class)
  if (purpose === undefined) return undefined
  const until = row.at + termOf(purpose, policy)
  const lawful = PURPOSES[purpose].required && until > now
  const hold = holds.find(h => keeps(h, row))?.id
  if (!lawful && hold === undefined) return { goes: true }
  return { goes: false, purpose, ...(lawful && { until }), ...(hold !== undefined && { hold }) }
}
