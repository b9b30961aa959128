/** People who arrive, leave and visit. Part of hub/events.ts. No names: people by pseudonym where they have one. */

/** A form was filed, followed, finished. `movement` names it. */
export interface MovementEvent {
  readonly kind:
    | 'movement.filed'
    | 'movement.changed'
    | 'movement.task-done'
    | 'movement.task-reopened'
    | 'movement.done'
    | 'movement.cancelled'
  readonly movement: string
  readonly direction: 'arrival' | 'departure'
  readonly by: string
  readonly person?: string
  readonly task?: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
  readonly statedReason?: string
}
export interface VisitEvent {
  readonly kind: 'visit.announced' | 'visit.changed' | 'visit.ended' | 'visit.cancelled'
  readonly visit: string
  /** Absent where it ended by itself. */
  readonly by?: string
  /** The visitor; `host` whom they visit. */
  readonly person?: string
  readonly host?: string
  readonly from?: number
  readonly until?: number
  readonly credential?: string
  readonly statedReason?: string
}
/** A template of a job: which site roles, which equipment. */
export interface JobEvent {
  readonly kind: 'job.changed'
  readonly job: string
  readonly by: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
}
export type MovementsEvent = MovementEvent | VisitEvent | JobEvent
