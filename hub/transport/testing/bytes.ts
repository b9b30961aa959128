/** MQTT packets byte by byte, well-formed or not, for tests that speak to the socket themselves. */

export interface ConnectBytes {
  readonly clientId: string
  readonly level?: number
  readonly protocol?: string
  readonly clean?: boolean
  readonly keepalive?: number
  readonly will?: WillBytes
}
export interface WillBytes {
  readonly topic: string
  readonly payload: string | Buffer
  readonly qos?: number
  readonly retain?: boolean
}

export function connectBytes(options: ConnectBytes): Buffer {
  const { clientId, level = 4, protocol = 'MQTT', clean = true, keepalive = 60, will } = options
  const willFlags = will ? 0x04 | ((will.qos ?? 0) << 3) | (will.retain ? 0x20 : 0) : 0
  const parts = [text(protocol), Buffer.of(level, (clean ? 0x02 : 0) | willFlags), u16(keepalive), text(clientId)]
  if (will) parts.push(text(will.topic), text(will.payload))
  return packetBytes(0x10, Buffer.concat(parts))
}

export interface PublishBytes {
  readonly qos?: number
  readonly retain?: boolean
  readonly messageId?: number
}

export function publishBytes(topic: string | Buffer, payload: string | Buffer, options: PublishBytes = {}): Buffer {
  const { qos = 0, retain = false, messageId = 1 } = options
  const id = qos > 0 ? [u16(messageId)] : []
  const body = Buffer.concat([text(topic), ...id, Buffer.from(payload)])
  return packetBytes(0x30 | (qos << 1) | (retain ? 1 : 0), body)
}

export const subscribeBytes = (messageId: number, ...filters: readonly string[]): Buffer =>
  packetBytes(0x82, Buffer.concat([u16(messageId), ...filters.flatMap(f => [text(f), Buffer.of(0)])]))

export const PING = Buffer.of(0xc0, 0)
export const GOODBYE = Buffer.of(0xe0, 0)

export function packetBytes(first: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(first), lengthBytes(body.length), body])
}

export function lengthBytes(length: number): Buffer {
  const bytes: number[] = []
  let left = length
  do {
    const more = left >= 128
    bytes.push((left & 0x7f) | (more ? 0x80 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.from(bytes)
}

const u16 = (n: number): Buffer => Buffer.of(n >> 8, n & 0xff)
function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string)
  return Buffer.concat([u16(bytes.length), bytes])
}
