/** What the HTTP edge asks of workstations. hub/record implements the store; wiring/stations.ts hands it in. */
import type { StationView } from '../api.ts'

/** A browser that is paired with a reader. */
export interface PairedStation {
  readonly id: string
  readonly name: string
  readonly accessPoint: string
  /** Of the access point; its id where it has none any more. */
  readonly reader: string
}
export interface StationStore {
  /** By hash of what the cookie holds; undefined where it was removed, replaced, or its year is over. */
  find(hash: string, at: number): PairedStation | undefined
  list(at: number): readonly StationView[]
  view(id: string, at: number): StationView | undefined
  create(station: { id: string; name: string; accessPoint: string; by: string }, code: StationCode): Promise<void>
  /** @returns false if there is no such station */
  newCode(id: string, by: string, code: StationCode): Promise<boolean>
  /** Uses the code up. @returns the station's id; undefined if it is none */
  pair(codeHash: string, hash: string, expiresAt: number): Promise<string | undefined>
  /** @returns false if there is none */
  remove(id: string, by: string): Promise<boolean>
  used(id: string, at: number): Promise<void>
  /** Of the site, and its device reads badges. */
  hasReader(accessPoint: string): boolean
}
export interface StationCode {
  readonly hash: string
  readonly expiresAt: number
}

/** A badge that was granted at a reader. Both as the journal names them. */
export interface HeldBadge {
  readonly person: string
  readonly credential: string
  readonly accessPoint: string
  /** What a row about it names beside. */
  readonly place: { readonly device: string; readonly point: string; readonly zone?: string }
  /** Hub time, milliseconds. */
  readonly at: number
}
/** Who stands behind a badge. */
export interface BadgeHolders {
  /** The same work whatever the answer: `unset` for whoever has no PIN. */
  pin(person: string, pin: string): Promise<'right' | 'wrong' | 'duress' | 'unset'>
  /** The one account of that person, by pseudonym; undefined if there is none, or more than one. */
  operatorOf(person: string): string | undefined
  /** The badge still opens doors, and is that person's. */
  inForce(badge: Pick<HeldBadge, 'person' | 'credential'>): boolean
}
