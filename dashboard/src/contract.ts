/** What the dashboard knows of the hub: the types of hub/api.ts and names for parts of them. Types only. */
import type { JournalRow, LiveEvent, SiteView, SituationsView } from '#hub/api.ts'

export type {
  CheckpointView,
  ClientEvents,
  DeviceState,
  EvacuationMuster,
  EventPage,
  ExportFormat,
  ExportJob,
  ExportRequest,
  Finding,
  GrantOrigin,
  HubState,
  JournalDays,
  JournalFilter,
  JournalPage,
  JournalRow,
  LiveEvent,
  Operator,
  OperatorRole,
  PointState,
  Problem,
  Review,
  ReviewClosing,
  ReviewList,
  RowProof,
  SavedSearch,
  ServerEvents,
  SessionInfo,
  SetupRequest,
  SignInRequest,
  SiteView,
  SituationsView,
  Someone,
  WhyAnswer,
} from '#hub/api.ts'
export type EventKind = LiveEvent['kind']
export type VigieEvent = NonNullable<JournalRow['event']>
export type Reason = NonNullable<LiveEvent['reason']>
export type Refusal = NonNullable<LiveEvent['refusal']>
export type Zone = SiteView['zones'][number]
export type SiteDevice = SiteView['devices'][number]
export type AccessPoint = SiteView['accessPoints'][number]
export type PointClass = AccessPoint['class']
export type LockdownPlan = SiteView['lockdownPlans'][number]
export type EvacuationPlan = SiteView['evacuationPlans'][number]
export type RunningLockdown = SituationsView['lockdowns'][number]
export type RunningEvacuation = SituationsView['evacuations'][number]
