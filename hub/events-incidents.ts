/** What scenarios noticed, and what people did about it. Part of hub/events.ts. No names: operators by pseudonym. */

import type { IncidentFinding } from './rules/incidents.ts'
import type { AlertKind, Severity } from './rules/scenarios.ts'
import type { Channel, MessageCause } from './rules/telling.ts'

/** A signal: the first of an incident, another one of it, or one that is over. */
export interface IncidentSignal {
  readonly kind: 'incident.raised' | 'incident.joined' | 'incident.restored'
  readonly incident: string
  readonly alert: AlertKind
  readonly severity: Severity
  readonly scenario: string
  readonly zone?: string
  readonly device?: string
  readonly accessPoint?: string
  /** The row that it came from. */
  readonly row?: number
}
/** What somebody did with an incident. */
export interface IncidentActed {
  readonly kind: 'incident.acknowledged' | 'incident.assigned' | 'incident.snoozed' | 'incident.resolved'
  readonly incident: string
  readonly by: string
  readonly zone?: string
  /** Operator's pseudonym. */
  readonly assignee?: string
  /** snoozed. */
  readonly until?: number
  readonly finding?: IncidentFinding
  readonly comment?: string
}
/** A step of the escalation: how many were told. Each step of an incident is one row, whatever became of the tellings. */
export interface IncidentEscalated {
  readonly kind: 'incident.escalated'
  readonly incident: string
  readonly step: number
  readonly told: number
  readonly zone?: string
}
/** Whom Vigie told of an incident, and by which way; or that nobody could be reached by any. */
export interface AlertTold {
  readonly kind: 'alert.delivered' | 'alert.undelivered'
  /** Absent: a test, or the digest of a day. */
  readonly incident?: string
  readonly step?: number
  /** Who was told, by pseudonym. */
  readonly operator: string
  readonly channel: Channel
  /** undelivered. */
  readonly cause?: MessageCause
}
/** How somebody wants to be told: no address and no number stands here. */
export interface ContactChanged {
  readonly kind: 'contact.changed'
  readonly operator: string
  readonly by: string
}
/** A zone, with those below it, is watched as if nobody should be there; or not any more. */
export interface ZoneArmed {
  readonly kind: 'zone.armed' | 'zone.disarmed'
  readonly zone: string
  /** Operator's pseudonym, `cli:<user>`, or `scenario:<id>`. */
  readonly by: string
}
/** A zone with those below it, or a device, is being worked on: what comes from there alerts nobody until then. */
export interface MaintenanceStarted {
  readonly kind: 'maintenance.started'
  readonly maintenance: string
  readonly zone?: string
  readonly device?: string
  readonly until: number
  readonly by: string
  readonly comment?: string
}
/** `by` absent: its time was over. */
export interface MaintenanceEnded {
  readonly kind: 'maintenance.ended'
  readonly maintenance: string
  readonly zone?: string
  readonly device?: string
  readonly by?: string
}
/** It began so often that it was held back for a minute. */
export interface ScenarioFlapping {
  readonly kind: 'scenario.flapping'
  readonly scenario: string
}
export type IncidentsEvent =
  | IncidentSignal
  | IncidentActed
  | IncidentEscalated
  | AlertTold
  | ContactChanged
  | ZoneArmed
  | MaintenanceStarted
  | MaintenanceEnded
  | ScenarioFlapping
