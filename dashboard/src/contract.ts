/** What the dashboard knows of the hub: the types of hub/api.ts and names for parts of them. Types only. */
import type { JournalRow, LiveEvent, SiteView, SituationsView } from '#hub/api.ts'

export type {
  AccountView,
  Capability,
  CheckpointView,
  ClientEvents,
  DeviceState,
  EvacuationMuster,
  EventPage,
  ExportFormat,
  ExportJob,
  ExportRequest,
  Factor,
  FactorAdded,
  FactorRequest,
  Finding,
  GrantOrigin,
  HubState,
  InvitationAccepted,
  Invited,
  JournalDays,
  JournalFilter,
  JournalPage,
  JournalRow,
  LiveEvent,
  Operator,
  OperatorChange,
  OperatorInvitation,
  OperatorList,
  OperatorRole,
  OperatorStatus,
  OperatorView,
  PasskeyOptions,
  PasskeyView,
  PasswordChange,
  PointState,
  Problem,
  RecoveryCodes,
  Review,
  ReviewClosing,
  ReviewList,
  Role,
  RoleList,
  RowProof,
  SavedSearch,
  ServerEvents,
  SessionInfo,
  SessionList,
  SetupRequest,
  SignInRequest,
  SiteView,
  SituationsView,
  Someone,
  Stage,
  TokenList,
  TokenMade,
  TokenRequest,
  TokenView,
  TotpOffer,
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
