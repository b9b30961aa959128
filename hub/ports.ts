/**
 * The small capabilities flows are handed by main.ts, so that a flow never sees a library, and each edge implements no
 * more than it is asked for.
 */
import type { DialectName } from '#devices/define.ts'
import type { CommandMessage, DecisionMessage, Refusal, Status, UpMessage } from '#devices/messages.ts'
import type { PinFact, SituationChange } from './access/situations.ts'
import type { Someone } from './api.ts'
import type { Recorded, VigieEvent } from './events.ts'

export type { Outcome } from './rules/telling.ts'

/** A device as the broker's guards need to know it: from its certificate's serial, never from what it says of itself. */
export interface DeviceIdentity {
  readonly id: string
  readonly site: string
  readonly model: string
  readonly serial: string
}

/** Everything the broker tells the hub. */
export interface DeviceEdge {
  /** The device a certificate speaks for now, or undefined: unknown, revoked or expired. */
  identify(serial: string, commonName: string): DeviceIdentity | undefined
  /**
   * A message of an identified device on its own `up/<kind>`. PUBACK waits for the promise: it resolves when the message
   * is stored, or refused and counted; it rejects when it could not be stored, and then the device gets no PUBACK.
   */
  message(device: DeviceIdentity, kind: string, payload: Buffer, receivedAt: number): Promise<void>
  /** `status`, by the device itself or as its last will. */
  status(device: DeviceIdentity, payload: Buffer): Promise<void>
  connected(device: DeviceIdentity): void
  disconnected(device: DeviceIdentity): void
  /** Something was refused at the edge. `subject` is a device id, or an address where no certificate named one. */
  refused(subject: { readonly device: string } | { readonly address: string }, refusal: Refusal): void
}

/** What a bought device tells of itself, whatever words its maker has for it. */
export type HeardField =
  | 'contact'
  | 'tamper'
  | 'battery'
  | 'on'
  | 'brightness'
  | 'occupancy'
  | 'illuminance'
  | 'temperature'
  | 'humidity'
export interface HeardValue {
  readonly field: HeardField
  /** Not checked yet against what the model may say. */
  readonly value: string | number | boolean
  /** Of several things under one address, which; without it, of all of them. */
  readonly part?: string
}
/** Something a gateway said, in our words. */
export interface Heard {
  readonly address: string
  readonly online?: boolean
  readonly values: readonly HeardValue[]
  /** Fields whose value can't be read. */
  readonly unreadable: readonly HeardField[]
}

/** Everything the listener for bought devices tells the hub. */
export interface GatewayEdge {
  /** The gateway a name and password stand for now; or `identity`: for none, `certificate`: not without TLS. */
  signIn(
    name: string,
    password: string,
    isEncrypted: boolean,
  ): { readonly gateway: DeviceIdentity; readonly dialect: DialectName } | 'identity' | 'certificate'
  /** Resolves when what it said is stored, or refused and counted; rejects when it could not be stored. */
  heard(gateway: DeviceIdentity, heard: Heard, at: number): Promise<void>
  connected(gateway: DeviceIdentity): void
  disconnected(gateway: DeviceIdentity): void
  refused(subject: { readonly device: string } | { readonly address: string }, refusal: Refusal): void
}

/** What the hub asks of the broker. */
export interface DeviceLink {
  /** At most once (QoS 0), never retained, never queued. False if the device is not connected or can't be reached now. */
  decide(device: string, decision: DecisionMessage): boolean
  command(device: string, command: CommandMessage): boolean
  /** Cuts every live socket of a certificate, or of a device; returns how many. */
  cutSerial(serial: string): number
  cutDevice(device: string): number
  /** New server certificate or new revocation list: for new handshakes; open sockets stay. */
  renewTls(tls: TlsMaterial): void
}

/** PEM texts. */
export interface TlsMaterial {
  readonly key: string
  readonly cert: string
  readonly ca: string
  readonly crl: string
}

/** A row to be made durable; `inbox` marks an up message as received in the same commit. */
export interface Entry {
  readonly event: VigieEvent
  readonly at: number
  readonly inbox?: { readonly device: string; readonly seq: number; readonly id: string }
  /** Rows of situations that change with it, in the same commit. */
  readonly situations?: readonly SituationChange[]
}

/** Checks a PIN against what is on record for a person (by pseudonym): milliseconds, the same for every answer. */
export type PinCheck = (person: string, pin: string) => Promise<PinFact>

export interface JournalWriter {
  /** Resolves once the row is on disk (fsync). @throws VigieError journal-unavailable */
  append(entry: Entry): Promise<Recorded>
  /** The same for several rows that are committed together or not at all. */
  appendAll(entries: readonly Entry[]): Promise<Recorded[]>
}

export type Clock = () => number
export type { Grant } from './access/grants.ts'
export type { PinFact, SituationChange, SituationKind, SituationRows, Situations } from './access/situations.ts'
export type { Recorded, Status, UpMessage, VigieEvent }

/** A row of the journal as evidence: what an export for an independent verifier is made of. */
export interface EvidenceRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly commitment: Buffer
  readonly hash: Buffer
  /** Salt and body: absent where the payload was erased, and then `erasedBy` names the row that vouches for it. */
  readonly salt?: Buffer
  readonly body?: string
  readonly erasedBy?: number
  readonly who?: Readonly<Record<string, Someone>>
  /** Of a row that the reader may not see: its leaf in the tree, which is all that is told of it, and its chain hash. */
  readonly withheld?: Buffer
  /** RFC 9162 inclusion in the checkpoint: in a selection, and of rows that vouch for others. */
  readonly proof?: readonly Buffer[]
}
export interface EvidenceHead {
  readonly origin: string
  readonly from: number
  readonly to: number
  /** Chain hash before row `from`. */
  readonly previous: Buffer
  /** Of the tree before row `from`. */
  readonly left: readonly Buffer[]
  /** False: a selection of the rows, each with its proof. */
  readonly complete: boolean
  readonly filter?: Readonly<Record<string, unknown>>
  readonly keys: readonly string[]
  readonly rotations: readonly string[]
}
export interface EvidenceTail {
  /** Rows beyond the span, or outside of the selection, that vouch for payloads erased within it; with proofs. */
  readonly vouchers: readonly EvidenceRow[]
  /** Of the tree after row `to`, up to the checkpoint. */
  readonly right: readonly Buffer[]
  readonly checkpoint: string
  /** Earlier ones of the span. */
  readonly checkpoints: readonly string[]
}
export interface Evidence {
  readonly head: EvidenceHead
  /** Ascending; memory holds one slice at a time. */
  readonly slices: Iterable<readonly EvidenceRow[]> | AsyncIterable<readonly EvidenceRow[]>
  /** To be asked for after the last slice. */
  tail(): EvidenceTail | Promise<EvidenceTail>
}
