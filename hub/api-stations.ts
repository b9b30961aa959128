/**
 * The contract of workstations: a browser beside a reader, where a badge and a PIN sign in. REST shapes, types only. Part
 * of hub/api.ts. Times are milliseconds since 1970, UTC.
 */
import type { MayAnswer } from './access/ask.ts'

/** GET /api/v1/stations, and POST /api/v1/stations/:id/code, which lets another browser take its place. */
export interface StationView {
  readonly id: string
  readonly name: string
  /** Whose reader stands beside it; `name` absent where it is no longer of the site. */
  readonly accessPoint: { readonly id: string; readonly name?: string }
  /** `waiting`: its code has not been typed yet. `expired`: after a year, or a code that ran out. */
  readonly state: 'waiting' | 'paired' | 'expired'
  readonly createdAt: number
  /** Name of who made it. */
  readonly by: string
  readonly pairedAt?: number
  readonly expiresAt?: number
  readonly usedAt?: number
}
export interface StationList {
  readonly stations: readonly StationView[]
}
/** POST /api/v1/stations. */
export interface StationRequest {
  readonly name: string
  readonly accessPoint: string
}
/** The code is shown once: eight letters and digits, typed at the workstation within 15 minutes. */
export interface StationMade {
  readonly station: StationView
  readonly code: string
  readonly expiresAt: number
}
/** POST /api/v1/station/pairing, at the workstation. Sets its cookie. */
export interface StationPairing {
  readonly code: string
}
/**
 * GET /api/v1/station: what the browser it is asked from is. With `seen`, the `number` of the last answer, it waits up to
 * 25 s for something to change. Says nothing of whose badge it was.
 */
export interface StationInfo {
  readonly paired: boolean
  readonly name?: string
  /** Of the access point whose reader stands beside it. */
  readonly reader?: string
  /** Changes with everything below. */
  readonly number: number
  /** A badge was granted at the reader: until then a PIN may follow. */
  readonly badgeUntil?: number
  /** Somebody signed in by badge here. */
  readonly signedIn?: true
}
/** POST /api/v1/session/badge: answered like any sign-in. */
export interface BadgeSignInRequest {
  readonly pin: string
}
/** GET /api/v1/me/access: what whoever is signed in may open now. */
export interface OwnAccess {
  /** False where the account is linked to nobody of the site. */
  readonly linked: boolean
  readonly may?: MayAnswer
}
