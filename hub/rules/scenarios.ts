/**
 * What Vigie notices and does about it, as data: when something begins (and ends), if something else stands, then act. A
 * scenario begins once for each thing it is about, and not again before it has ended. Pure types and closed lists.
 */
import type { PointClass } from '../access/site-classes.ts'
import type { EventKind } from '../events.ts'

export const SEVERITIES = ['info', 'warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What an alert is about. In the order of their weight where severities are the same. */
export const ALERT_KINDS = [
  'duress',
  'intrusion',
  'door-forced',
  'tamper',
  'audit-unavailable',
  'break-glass',
  'repeated-refusals',
  'wrong-pins',
  'cabinet-left-open',
  'door-held',
  'lock-silent',
  'light-too-low',
  'device-silent',
  'granted-not-opened',
  'flooding',
  'clock-off',
  'battery-low',
  'other',
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** A row of the journal. All that is named must fit. */
export interface EventMatch {
  readonly kinds: readonly EventKind[]
  /** Of a refusal, or what a message was refused for. */
  readonly reasons?: readonly string[]
}
/**
 * A measured value, or a number of a state: `occupancy`, `illuminance`, `battery` (percent), `clock-skew` (seconds). At least
 * one bound; between two of them both must hold.
 */
export interface QuantityMatch {
  readonly quantity: string
  readonly above?: number
  readonly below?: number
}
export type Match = EventMatch | QuantityMatch

/** Something is, or happens, for so long or so often. Milliseconds. */
export interface ThingTrigger {
  readonly begins: Match
  /** What ends it; without this and without `quietMs` it ends as it begins. */
  readonly ends?: Match
  /** Only if it has not ended by then; 0 to a day. */
  readonly forMs?: number
  /** Only when it has come so often within so long. */
  readonly times?: { readonly count: number; readonly withinMs: number }
  /** It ends when it has not come again for so long. */
  readonly quietMs?: number
}
export type SunEvent = 'sunrise' | 'sunset'
/** Each day at this time of the site's wall clock, HH:MM, or with the sun: for each of the zones that it watches. */
export type ClockTrigger =
  | { readonly at: string }
  /** So many minutes after it; negative: before. */
  | { readonly sun: SunEvent; readonly offsetMinutes?: number }
export type Trigger = ThingTrigger | ClockTrigger
export const isClock = (when: Trigger): when is ClockTrigger => !('begins' in when)

/** Whom or what it is about; all that is named must fit. Zones with those below them. */
export interface Watched {
  readonly zones?: readonly string[]
  readonly classes?: readonly PointClass[]
  readonly devices?: readonly string[]
  /** Only what is an access point, or only what is none, such as a window. */
  readonly accessPoints?: boolean
}

/** Looked at when the trigger has come, for the zone it came from. */
export type Condition =
  | { readonly armed: boolean }
  | { readonly dark: boolean }
  | { readonly onDuty: boolean }
  | { readonly occupied: boolean }
  /** A schedule of the site is open. */
  | { readonly schedule: string; readonly open: boolean }
  /** The newest value of the zone; a zone that has none does not fit. */
  | QuantityMatch

export type Act =
  | { readonly do: 'alert'; readonly kind: AlertKind; readonly severity: Severity }
  /** Lights of the zone. `back`: off again when it ends. */
  | { readonly do: 'light'; readonly on: boolean; readonly brightness?: number; readonly back?: boolean }
  /** The zone is armed, or not any more: the latter never because of a sensor. */
  | { readonly do: 'arm'; readonly armed: boolean }
  /** Sirens of the zone, for so long at most; silent as soon as it ends. */
  | { readonly do: 'siren'; readonly seconds: number }
  /** Locks of the zone that are released at this moment are called back; never an escape door. */
  | { readonly do: 'lock' }
  /** A lockdown plan of the site begins, as if an operator had begun it. */
  | { readonly do: 'lockdown'; readonly plan: string }
  /** Cameras that see the zone keep a picture of it. */
  | { readonly do: 'snapshot' }

/** What closes ways: never because of a bought device, whose word is only as sure as its gateway's password. */
export const isClosing = ({ do: act }: Act): boolean => act === 'lock' || act === 'lockdown'

/** Of these people are told whatever is being worked on: somebody is in danger, or the record is. */
const ALWAYS: ReadonlySet<AlertKind> = new Set<AlertKind>(['duress', 'break-glass', 'audit-unavailable'])
/** Where something is being worked on, it waits for the end of that. */
export const restsInMaintenance = ({ acts }: Pick<Scenario, 'acts'>): boolean => {
  const alerts = acts.filter(act => act.do === 'alert')
  return alerts.length > 0 && alerts.every(({ kind }) => !ALWAYS.has(kind))
}

export interface Scenario {
  readonly id: string
  readonly name: string
  /** Absent: yes. */
  readonly enabled?: boolean
  readonly when: Trigger
  readonly where?: Watched
  readonly if?: readonly Condition[]
  readonly acts: readonly Act[]
}

/** Longest a state is waited for, milliseconds. */
export const LONGEST_HELD_MS = 86_400_000
/** Longest a siren sounds for one beginning, seconds. */
export const LONGEST_SIREN_S = 180
/** How often one scenario may begin within MINUTE_MS, for whatever it is about; beyond, it is held back and shown as flapping. */
export const MOST_A_MINUTE = 60
export const MINUTE_MS = 60_000
