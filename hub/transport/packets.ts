/** The few MQTT 3.1.1 packets Vigie writes itself, and the packet types it reads before aedes does (OASIS mqtt-v3.1.1). */
export const CONNECT = 1
export const PUBLISH = 3
export const SUBSCRIBE = 8
export const UNSUBSCRIBE = 10
export const PINGREQ = 12
export const DISCONNECT = 14

export const PUBACK_BYTES = 4

/** CONNACK return codes, table 3.1. There is none for "not this kind of session": `notAuthorized` stands for it. */
export const CONNACK = { unacceptableProtocol: 1, identifierRejected: 2, notAuthorized: 5 } as const
export type ConnackCode = (typeof CONNACK)[keyof typeof CONNACK]

export const connackPacket = (code: ConnackCode): Buffer => Buffer.of(0x20, 2, 0, code)

/** Writes a PUBACK into `target` and returns the offset behind it. */
export function writePuback(target: Buffer, offset: number, messageId: number): number {
  target[offset] = 0x40
  target[offset + 1] = 2
  return target.writeUInt16BE(messageId, offset + 2)
}

/** A PUBLISH with QoS 0, not retained. @param topic at most 65,535 bytes */
export function publishPacket(topic: string, payload: string): Buffer {
  const topicBytes = Buffer.byteLength(topic)
  const remaining = 2 + topicBytes + Buffer.byteLength(payload)
  const packet = Buffer.allocUnsafe(1 + lengthOfLength(remaining) + remaining)
  packet[0] = PUBLISH << 4
  let offset = writeLength(packet, remaining)
  offset = packet.writeUInt16BE(topicBytes, offset)
  offset += packet.write(topic, offset, 'utf8')
  packet.write(payload, offset, 'utf8')
  return packet
}

const lengthOfLength = (n: number): number => (n < 128 ? 1 : n < 16_384 ? 2 : n < 2_097_152 ? 3 : 4)

/** Seven bits a byte, least significant first (2.2.3), from offset 1; returns the offset behind it. */
function writeLength(packet: Buffer, length: number): number {
  let offset = 1
  let left = length
  while (left >= 128) {
    packet[offset++] = (left & 0x7f) | 0x80
    left >>>= 7
  }
  packet[offset++] = left
  return offset
}
