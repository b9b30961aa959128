/** Incidents over REST and, as they change, over the socket. Part of hub/api.ts. Times are milliseconds since 1970, UTC. */
import type { Incident, IncidentFinding } from './rules/incidents.ts'
import type { Role as OperatorRole } from './rules/roles.ts'
import type { Channel, MessageCause, MessageState } from './rules/telling.ts'

export type { IncidentFinding, IncidentState, IncidentStep, Signal } from './rules/incidents.ts'
export type { AlertKind, Severity } from './rules/scenarios.ts'

/** Somebody who is told of an incident, and how far that is. */
export interface MessageView {
  /** By pseudonym, and by name as far as known. */
  readonly operator: string
  readonly name?: string
  readonly step?: number
  readonly channel: Channel
  readonly state: MessageState
  readonly at: number
  readonly tries: number
  readonly cause?: MessageCause
}
/** PUT /api/v1/account/contact. */
export interface ContactWish {
  readonly language: 'fr' | 'en'
  /** To the mail address of the account. */
  readonly mail: boolean
  /** E.164, with its plus sign. */
  readonly phone?: string
  /** Minutes of the site's day; over midnight where until is before from. */
  readonly quiet?: { readonly from: number; readonly until: number }
  /** Each morning at 07:00 by mail: alerts of the last day that were too low to be told. */
  readonly digest?: boolean
}
/** GET /api/v1/account/contact. */
export interface ContactView extends ContactWish {
  /** Mail address of the account. */
  readonly address?: string
  /** What this hub can do. */
  readonly ways: readonly Channel[]
  readonly revision: number
}
/** GET /api/v1/account/push: browsers in which one is told. */
export interface PushView {
  /** With what a browser subscribes; absent: this hub has no way to send there. */
  readonly key?: string
  readonly browsers: readonly { readonly id: string; readonly name: string; readonly at: number }[]
}
/** POST /api/v1/account/push: what the browser says of its subscription. */
export interface PushWish {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
  /** As its owner knows it; without it the browser's own. */
  readonly name?: string
}
/** POST /api/v1/account/contact/test. `handed-over`: the gateway has it, and does not know more yet. */
export interface ContactTested {
  readonly channel: Channel
  readonly outcome: 'delivered' | 'handed-over' | 'failed'
  readonly cause?: MessageCause
}
/** GET /api/v1/incidents/:id. */
export interface IncidentView extends Incident {
  /** Whom Vigie told, in the order of the steps; in lists left out. */
  readonly messages?: readonly MessageView[]
  /** Of the people in it, by pseudonym, as far as known. */
  readonly names: Readonly<Record<string, string>>
}
/** GET /api/v1/incidents: the newest first. */
export interface IncidentList {
  readonly incidents: readonly IncidentView[]
  /** To be given as `before` for the next page. */
  readonly next?: number
}
/** Somebody who may take incidents. */
export interface Assignee {
  readonly login: string
  readonly name: string
  readonly role: OperatorRole
}
/** GET /api/v1/incidents/:id/assignees: active accounts that may take it, by name. */
export interface Assignees {
  readonly operators: readonly Assignee[]
}
/** Done; `pending`: in memory, until the disk is back. */
export interface IncidentDone {
  readonly incident: IncidentView
  readonly recorded: 'journal' | 'pending'
}
/** POST /api/v1/incidents/:id/resolve. */
export interface IncidentResolution {
  readonly finding: IncidentFinding
  readonly comment?: string
}
/** What is being worked on: a zone with those below it, or a device. */
export interface MaintenanceView {
  readonly id: string
  readonly zone?: string
  readonly device?: string
  readonly at: number
  readonly until: number
  /** Operator, by pseudonym, and by name as far as known. */
  readonly by: string
  readonly name?: string
}
/** GET /api/v1/maintenance: what ends soonest first. */
export interface MaintenanceList {
  readonly maintenance: readonly MaintenanceView[]
}
/** POST /api/v1/maintenance: one of zone and device, for 1 minute to 7 days. */
export interface MaintenanceWish {
  readonly zone?: string
  readonly device?: string
  readonly minutes: number
  readonly comment?: string
}
/** GET /api/v1/on-call. */
export interface OnCallList {
  readonly rotas: readonly {
    readonly id: string
    readonly name: string
    /** Who is on call, and who follows: the first one began before now, where somebody is on call now. */
    readonly turns: readonly OnCallTurn[]
  }[]
}
export interface OnCallTurn {
  readonly login: string
  /** Absent: no account of this hub that may take alerts has this login. Nobody would be told. */
  readonly name?: string
  readonly from: number
  readonly until: number
  readonly standIn?: true
}
/** GET /api/v1/scenarios: what is in force at this site. */
export interface ScenarioList {
  readonly scenarios: readonly ScenarioView[]
}
export interface ScenarioView {
  readonly id: string
  readonly name: string
  /** The site named it; else it has the French name that it ships with, and a page may have another language’s. */
  readonly namedHere: boolean
  /** shipped: as every site begins with it; changed: one of these that the site has its own of; site: its own. */
  readonly origin: 'shipped' | 'changed' | 'site'
  readonly enabled: boolean
  /** Of the item `scenario`; 0: it is none yet. */
  readonly revision: number
  /** As docs/site.schema.json has it. */
  readonly scenario: object
  /** What it came to in each of the last weeks, the newest first; a week is seven days up to now. */
  readonly weeks: readonly ScenarioWeek[]
}
export interface ScenarioWeek {
  readonly from: number
  /** Signals, incidents that they are of, and how many of these were found to be false alarms. */
  readonly signals: number
  readonly incidents: number
  readonly falseAlarms: number
}
/** GET /api/v1/armed-zones. Zones below an armed one are armed with it. */
export interface ArmedZones {
  readonly zones: readonly {
    readonly zone: string
    readonly at: number
    /** Operator, by pseudonym, and by name as far as known. */
    readonly by: string
    readonly name?: string
  }[]
}
/** PUT and DELETE /api/v1/armed-zones/:zone. `changed`: it was not so already. */
export interface ZoneArming {
  readonly zone: string
  readonly armed: boolean
  readonly changed: boolean
}

export type { DryRunAnswer, DryRunQuestion, WouldHave } from './rules/dry-run.ts'
