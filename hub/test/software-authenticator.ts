/**
 * An authenticator in software: makes ES256 passkeys with attestation `none` and signs assertions, byte by byte as WebAuthn
 * Level 3 (6.1, 6.5.4) and RFC 9052 have it. A test bends what it says.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

const sha256 = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest()
const b64 = (bytes: Buffer): string => bytes.toString('base64url')

type Cbor = number | string | Buffer | Map<Cbor, Cbor>
/** RFC 8949, 3: the head of an item, lengths up to 65,535. */
function head(major: number, n: number): Buffer {
  if (n < 24) return Buffer.from([(major << 5) | n])
  if (n < 256) return Buffer.from([(major << 5) | 24, n])
  return Buffer.from([(major << 5) | 25, n >> 8, n & 255])
}
export function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])])
}

/** What of an answer is not as it should be. */
export interface Bent {
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly challenge?: string
  /** User present 1, user verified 4, attested credential data 64. */
  readonly flags?: number
  /** Bytes to change in what was signed. */
  readonly signature?: Buffer
}
interface Asked {
  readonly challenge: string
}

export class SoftwareAuthenticator {
  readonly credential = randomBytes(32)
  readonly #key: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #origin: string
  /** 0: it keeps none. */
  counter: number

  constructor(origin: string, counter = 1) {
    this.#origin = origin
    this.counter = counter
  }

  get id(): string {
    return b64(this.credential)
  }

  /** navigator.credentials.create, as JSON. */
  create({ challenge }: Asked, bent: Bent = {}): object {
    const length = Buffer.from([0, this.credential.length])
    const attested = Buffer.concat([Buffer.alloc(16), length, this.credential, this.#cose()])
    const authData = Buffer.concat([this.#authData(bent, 1 | 4 | 64), attested])
    const object = new Map<Cbor, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ])
    return this.#answer({
      clientDataJSON: this.#clientData('webauthn.create', challenge, bent),
      attestationObject: b64(cbor(object)),
      transports: ['internal', 'telepathy'],
    })
  }

  /** navigator.credentials.get, as JSON. */
  get({ challenge }: Asked, bent: Bent = {}): object {
    if (this.counter > 0) this.counter += 1
    const authData = this.#authData(bent, 1 | 4)
    const clientDataJSON = this.#clientData('webauthn.get', challenge, bent)
    const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))])
    return this.#answer({
      clientDataJSON,
      authenticatorData: b64(authData),
      signature: b64(bent.signature ?? sign('sha256', signed, this.#key.privateKey)),
    })
  }

  #answer(response: object): object {
    return { id: this.id, rawId: this.id, type: 'public-key', response, clientExtensionResults: {} }
  }

  #clientData(type: string, challenge: string, bent: Bent): string {
    const data = { type, challenge, origin: this.#origin, crossOrigin: false }
    const { origin, type: otherType, challenge: other } = bent
    const said = {
      ...data,
      ...(origin && { origin }),
      ...(otherType && { type: otherType }),
      ...(other && { challenge: other }),
    }
    return b64(Buffer.from(JSON.stringify(said)))
  }

  #authData({ rpId = new URL(this.#origin).hostname, flags }: Bent, usual: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    return Buffer.concat([sha256(rpId), Buffer.from([flags ?? usual]), counter])
  }

  /** RFC 9053, 7.1.1: EC2, ES256, P-256. */
  #cose(): Buffer {
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' })
    const point = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')] as const
    return cbor(
      new Map<Cbor, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, point[0]],
        [-3, point[1]],
      ]),
    )
  }
}
