/** The live page's socket, types only: part of the contract in api.ts. */
import type { DeviceState, HubState, LiveEvent, PointState, SituationsView } from './api.ts'

/** Socket events, server to client. Frames are coalesced to at most one per 80 ms. */
export interface ServerEvents {
  /** First thing after connecting. `missed` holds what came since the cursor the client named, oldest first. */
  hello: (hello: {
    now: number
    cursor: number
    points: PointState[]
    devices: DeviceState[]
    hub: HubState
    situations: SituationsView
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
    /** All of it, when any of it has changed. */
    situations?: SituationsView
  }) => void
  /** The session is over; the socket closes after this. */
  ended: (why: 'signed-out' | 'expired' | 'account') => void
}
/** The client names the last cursor it has seen in the handshake's `auth.cursor`; it sends nothing else. */
export type ClientEvents = Record<string, never>
