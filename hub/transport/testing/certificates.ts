/** A certificate authority for tests, good and bad: it signs what it is told to, written in DER by hand (RFC 5280). */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface TestCertificate {
  readonly key: string
  readonly cert: string
  readonly serial: string
}

export interface IssueOptions {
  readonly from?: Date
  readonly until?: Date
}

const HOUR_MS = 3_600_000
const COMMON_NAME = '550403'
const ECDSA_SHA256 = '2a8648ce3d040302'
const BASIC_CONSTRAINTS = '551d13'
const ALT_NAME = '551d11'

export class TestAuthority {
  readonly cert: string
  readonly #key: KeyObject
  readonly #name: Buffer
  #issued = 0

  constructor(name = 'Test authority') {
    this.#name = nameOf([name])
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    const isAuthority = extension(BASIC_CONSTRAINTS, sequence(tlv(0x01, Buffer.of(0xff))), true)
    this.cert = this.#certificate('01', this.#name, publicKey, [isAuthority], {})
  }

  /** @param commonNames one, none or several: the authority does not mind */
  issue(commonNames: string | readonly string[], options: IssueOptions = {}): TestCertificate {
    const names = typeof commonNames === 'string' ? [commonNames] : commonNames
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#issued++
    const serial = `4${createHash('sha256').update(`${names} ${this.#issued}`).digest('hex').slice(0, 31)}`
    const loopback = sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.of(127, 0, 0, 1)))
    const cert = this.#certificate(serial, nameOf(names), publicKey, [extension(ALT_NAME, loopback, false)], options)
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert, serial }
  }

  /** The list of revoked serials, good for an hour from now, or until `nextUpdate`. */
  crl(serials: readonly string[], nextUpdate = new Date(Date.now() + HOUR_MS)): string {
    const now = time(new Date(Date.now() - HOUR_MS))
    const rows = serials.map(serial => sequence(integer(serial), now))
    const list = sequence(
      integer('01'),
      algorithm(),
      this.#name,
      now,
      time(nextUpdate),
      ...(rows.length > 0 ? [sequence(...rows)] : []),
    )
    return this.#signed('X509 CRL', list)
  }

  #certificate(serial: string, subject: Buffer, key: KeyObject, extensions: Buffer[], options: IssueOptions): string {
    const from = options.from ?? new Date(Date.now() - HOUR_MS)
    const until = options.until ?? new Date(Date.now() + HOUR_MS)
    const body = sequence(
      tlv(0xa0, integer('02')),
      integer(serial),
      algorithm(),
      this.#name,
      sequence(time(from), time(until)),
      subject,
      key.export({ type: 'spki', format: 'der' }),
      tlv(0xa3, sequence(...extensions)),
    )
    return this.#signed('CERTIFICATE', body)
  }

  #signed(label: string, body: Buffer): string {
    const signature = sign('sha256', body, this.#key)
    const der = sequence(body, algorithm(), tlv(0x03, Buffer.of(0), signature))
    const lines = der.toString('base64').match(/.{1,64}/g) ?? []
    return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
  }
}

function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...head), content])
}

const sequence = (...contents: readonly Buffer[]): Buffer => tlv(0x30, ...contents)
const integer = (hex: string): Buffer => tlv(0x02, Buffer.from(hex, 'hex'))
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'))
const algorithm = (): Buffer => sequence(oid(ECDSA_SHA256))
const nameOf = (names: readonly string[]): Buffer =>
  sequence(...names.map(name => tlv(0x31, sequence(oid(COMMON_NAME), tlv(0x0c, Buffer.from(name))))))
const extension = (id: string, value: Buffer, critical: boolean): Buffer =>
  sequence(oid(id), ...(critical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, value))

/** UTCTime, YYMMDDHHMMSSZ. */
const time = (date: Date): Buffer =>
  tlv(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\..*/g, '')
        .slice(2)}Z`,
    ),
  )
