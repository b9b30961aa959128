/**
 * The contract with the dashboard and other readers: REST shapes and socket events, types only.
 * Times are milliseconds since 1970, UTC. Names appear here, joined at reading time for those who may see them.
 */
import type { Refusal } from '#devices/messages.ts'
import type { Reason } from './access/reasons.ts'
import type { Site } from './access/site.ts'
import type { EventKind } from './events.ts'

export type OperatorRole = 'administrator' | 'security' | 'auditor'

export interface Operator {
  readonly login: string
  readonly name: string
  readonly role: OperatorRole
}

/** GET /api/v1/session: answers before sign-in too, and then says nothing about the site. */
export interface SessionInfo {
  readonly operator?: Operator
  /** True while no administrator exists: the page then asks for the setup link's token. */
  readonly setupNeeded: boolean
}
/** POST /api/v1/setup, once. */
export interface SetupRequest {
  readonly token: string
  readonly login: string
  readonly name: string
  readonly password: string
}
/** POST /api/v1/session. */
export interface SignInRequest {
  readonly login: string
  readonly password: string
}

/** RFC 9457. */
export interface Problem {
  readonly type: string
  /** One sentence in the language that Accept-Language asks for, fr or en; in French where it asks for neither. */
  readonly title: string
  readonly status: number
  readonly code: string
  readonly field?: string
  /** When it makes sense to try again; also in the Retry-After header. */
  readonly seconds?: number
  /** status 500: the id under which the cause stands in the log. */
  readonly id?: string
}

/** GET /api/v1/site: what the plan is drawn from. */
export type SiteView = Pick<Site, 'site' | 'zones' | 'devices' | 'accessPoints'>

/** One point of one device, as last reported. Absent means never reported: drawn as unknown. */
export interface PointState {
  readonly device: string
  readonly point: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly lock?: 'locked' | 'unlocked'
  readonly contact?: 'open' | 'closed'
  readonly tamper?: boolean
  readonly on?: boolean
  readonly brightness?: number
  readonly battery?: number
  /** An unlock was ordered and not answered yet. Ordered is not released is not opened. */
  readonly ordered?: boolean
  /** True if it was opened without a grant or a request to exit, until it is closed. */
  readonly forced?: boolean
  readonly since: number
}

export interface DeviceState {
  readonly id: string
  readonly model: string
  readonly name: string
  readonly zone?: string
  readonly status: 'declared' | 'enrolled' | 'revoked'
  readonly online: boolean
  readonly since?: number
  readonly lastSeen?: number
  readonly certificateUntil?: number
  /** Last reported hub minus device clock, ms, and whether it is beyond the limit. */
  readonly skewMs?: number
  readonly skewed?: boolean
  readonly readings: Readonly<Record<string, { readonly value: number; readonly unit: string; readonly at: number }>>
  /** What was refused since the hub's start, by kind. */
  readonly refused: Readonly<Partial<Record<Refusal, number>>>
  readonly messages: number
}

/** GET /api/v1/devices. */
export interface DeviceList {
  readonly devices: readonly DeviceState[]
}
/** GET /api/v1/devices/:id. */
export interface DeviceDetail extends DeviceState {
  readonly points: readonly PointState[]
}

/** One line of the feed. */
export interface LiveEvent {
  readonly seq: number
  readonly at: number
  readonly kind: EventKind
  readonly device?: string
  readonly point?: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly person?: { readonly name: string; readonly role?: string }
  readonly reason?: Reason
  readonly refusal?: Refusal
  readonly count?: number
  /** point.closed: how long it was open. lock.*: from badge to answer. */
  readonly ms?: number
}

/** GET /api/v1/events?before=&limit=&kind=&zone=&device= : newest first, no cap on paging. */
export interface EventPage {
  readonly events: readonly LiveEvent[]
  /**
   * Pass as `before` for the next page; absent at the end, and only there. A page may be short, or empty, and still have
   * one: a rare kind, zone or device is looked for in so many rows at a time.
   */
  readonly next?: number
}

/** What GET /api/v1/events may be narrowed by. `before` is a journal seq, exclusive; `limit` 1 to 200. */
export interface EventQuery {
  readonly before?: number
  readonly limit: number
  readonly kind?: EventKind
  readonly zone?: string
  readonly device?: string
}

/** GET /api/v1/health: also shown beside the connection's own state. */
export interface HubState {
  readonly version: string
  readonly startedAt: number
  readonly journal: { readonly writable: boolean; readonly rows: number; readonly lastCommitMs?: number }
  /** Refused since the start from sockets without a valid certificate, by kind. */
  readonly unidentified?: Readonly<Partial<Record<Refusal, number>>>
  readonly devicesOnline: number
  readonly devicesKnown: number
}

/** Socket events, server to client. Frames are coalesced to at most one per 80 ms. */
export interface ServerEvents {
  /** First thing after connecting. `missed` holds what came since the cursor the client named, oldest first. */
  hello: (hello: {
    now: number
    cursor: number
    points: PointState[]
    devices: DeviceState[]
    hub: HubState
    missed: LiveEvent[]
    gap: boolean
  }) => void
  /** `cursor` is the journal seq of the newest event included; frames follow each other without holes. */
  frame: (frame: {
    now: number
    cursor: number
    events: LiveEvent[]
    points: PointState[]
    devices: DeviceState[]
    hub?: HubState
  }) => void
  /** The session is over; the socket closes after this. */
  ended: (why: 'signed-out' | 'expired' | 'account') => void
}
/** The client names the last cursor it has seen in the handshake's `auth.cursor`; it sends nothing else. */
export type ClientEvents = Record<string, never>
