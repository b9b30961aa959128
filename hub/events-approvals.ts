/** Acts that wait for a second operator, and workstations where a badge signs in. Part of hub/events.ts. */

/** `act` and `subject` say what waits; `asker` who asked for it, `by` who asks or decides now. */
export interface ApprovalEvent {
  readonly kind:
    | 'approval.asked'
    | 'approval.given'
    | 'approval.refused'
    | 'approval.withdrawn'
    | 'approval.expired'
    | 'approval.failed'
  readonly approval: string
  readonly act: string
  /** Id of the zone or access point; of a person never more than the pseudonym. */
  readonly subject?: string
  readonly person?: string
  readonly asker: string
  /** Absent where it ended by itself. */
  readonly by?: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
  /** approval.failed: code of the failure. */
  readonly cause?: string
  readonly statedReason?: string
}
/** A browser beside a reader is paired with it, or no longer. */
export interface StationEvent {
  readonly kind: 'station.paired' | 'station.unpaired'
  readonly station: string
  readonly accessPoint: string
  readonly by: string
}
export type ApprovalsEvent = ApprovalEvent | StationEvent
