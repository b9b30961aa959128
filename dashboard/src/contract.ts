/** What the dashboard knows of the hub: the types of hub/api.ts and names for parts of them. Types only. */
import type { LiveEvent, SiteView } from '#hub/api.ts'

export type {
  ClientEvents,
  DeviceState,
  EventPage,
  HubState,
  LiveEvent,
  Operator,
  OperatorRole,
  PointState,
  Problem,
  ServerEvents,
  SessionInfo,
  SetupRequest,
  SignInRequest,
  SiteView,
} from '#hub/api.ts'
export type EventKind = LiveEvent['kind']
export type Reason = NonNullable<LiveEvent['reason']>
export type Refusal = NonNullable<LiveEvent['refusal']>
export type Zone = SiteView['zones'][number]
export type SiteDevice = SiteView['devices'][number]
export type AccessPoint = SiteView['accessPoints'][number]
export type PointClass = AccessPoint['class']
