/** The little DER and PEM that the certificate library leaves out or gets wrong. */

/** Tags of X.690 as they appear on the wire. */
export const TAG = { integer: 0x02, oid: 0x06, sequence: 0x30, set: 0x31, context0: 0xa0 } as const

/** One tag-length-value; a definite length, the shortest form (X.690 10.1). */
export function tlv(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size = unsigned(BigInt(body.length))
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, body])
}

/** A non-negative INTEGER (X.690 8.3): a leading zero where the top bit would make it negative. */
export function integer(value: bigint): Buffer {
  const bytes = unsigned(value)
  return tlv(TAG.integer, bytes[0]! & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}

/** The value of a short-form INTEGER, such as a CRL number of up to 20 octets. */
export function integerValue(der: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(der.subarray(2)).toString('hex')}`)
}

function unsigned(value: bigint): Buffer {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
}

/** PEM (RFC 7468): 64 characters a line. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** The first block of this label in a PEM text as DER, or undefined. */
export function pemBlock(label: string, text: string): Buffer | undefined {
  const body = text.split(`-----BEGIN ${label}-----`)[1]?.split(`-----END ${label}-----`)[0]
  return body === undefined ? undefined : Buffer.from(body, 'base64')
}
