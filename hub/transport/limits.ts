/** What a device, an address and the whole broker may use at most. Every default is for field devices, not for servers. */
export interface BrokerLimits {
  /** Packets a device may send, sustained, per second, and at once. A TLS handshake costs one as well. */
  readonly deviceRate: number
  readonly deviceBurst: number
  /** A device held back for so long, with `floodBytes` or more still waiting, is cut. Milliseconds; bytes. */
  readonly floodMs: number
  readonly floodBytes: number
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  /** Sockets of one certificate or device at once: one in use, the others on their way in or out. The oldest goes. */
  readonly maxConnectionsPerDevice: number
  /** From TCP accept to the end of the TLS handshake, milliseconds. */
  readonly handshakeTimeoutMs: number
  /** From there to the last byte of CONNECT, milliseconds. */
  readonly connectTimeoutMs: number
  /** Remaining length of a PUBLISH after CONNACK, and of any other packet, bytes. */
  readonly maxPublishBytes: number
  readonly maxControlBytes: number
  /** Messages of one device handed to the edge and not stored yet; reading pauses above it. */
  readonly maxPending: number
  /** Bytes waiting for a device that does not read; above it the device is cut. */
  readonly maxOutgoingBytes: number
  /** A device whose socket takes nothing for so long is cut, milliseconds. */
  readonly drainTimeoutMs: number
  /** Longest keep-alive a device may ask for, seconds. Zero (none) is refused: a dead device would never be noticed. */
  readonly maxKeepaliveSeconds: number
}

export const LIMITS: BrokerLimits = {
  deviceRate: 50,
  deviceBurst: 200,
  floodMs: 5_000,
  floodBytes: 32 * 1024,
  maxConnections: 5_000,
  maxConnectionsPerAddress: 2_000,
  maxConnectionsPerDevice: 4,
  handshakeTimeoutMs: 10_000,
  connectTimeoutMs: 5_000,
  maxPublishBytes: 64 * 1024,
  maxControlBytes: 2 * 1024,
  maxPending: 256,
  maxOutgoingBytes: 256 * 1024,
  drainTimeoutMs: 3_000,
  maxKeepaliveSeconds: 1_200,
}
