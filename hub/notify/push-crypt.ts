/**
 * What a browser's push service carries and can't read: a message sealed for one browser (RFC 8291, over RFC 8188), and the
 * hub's proof of who sends it (VAPID, RFC 8292).
 */
import {
  createCipheriv,
  createECDH,
  createPrivateKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto'

/** A point of P-256, uncompressed, and 16 secret bytes: the browser's own. Base64url. */
export interface BrowserKeys {
  readonly p256dh: string
  readonly auth: string
}
/** Only for the test vector of the RFC. */
export interface Given {
  readonly privateKey: Buffer
  readonly salt: Buffer
}
const CURVE = 'prime256v1'
const POINT_BYTES = 65
const AUTH_BYTES = 16
const SALT_BYTES = 16
const RECORD_BYTES = 4096
/** Most that fits into one record beside its header, its tag and its end (RFC 8291, 4). */
export const MOST_PAYLOAD_BYTES = RECORD_BYTES - 86 - 17

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url')
const derived = (key: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, bytes))
const infoOf = (name: string): Buffer => Buffer.from(`Content-Encoding: ${name}\0`)

/** @returns whether these are keys that something can be sealed for: a point on the curve, and a secret of its length */
export function areKeys({ p256dh, auth }: BrowserKeys): boolean {
  const point = bytesOf(p256dh)
  if (point.length !== POINT_BYTES || bytesOf(auth).length !== AUTH_BYTES) return false
  try {
    const ecdh = createECDH(CURVE)
    ecdh.generateKeys()
    ecdh.computeSecret(point)
    return true
  } catch {
    return false // not on the curve: this is the answer to the question
  }
}

/**
 * `payload` as one record of `aes128gcm`, for the browser that holds the keys.
 * @throws RangeError for more than MOST_PAYLOAD_BYTES; Error for keys that are none
 */
export function sealed(payload: Buffer, { p256dh, auth }: BrowserKeys, given?: Given): Buffer {
  if (payload.length > MOST_PAYLOAD_BYTES) throw new RangeError('too long for one push message')
  const [theirs, secret] = [bytesOf(p256dh), bytesOf(auth)]
  const ecdh = createECDH(CURVE)
  if (given) ecdh.setPrivateKey(given.privateKey)
  else ecdh.generateKeys()
  const ours = ecdh.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const key = derived(ecdh.computeSecret(theirs), secret, info, 32)
  const salt = given?.salt ?? randomBytes(SALT_BYTES)
  const cipher = createCipheriv(
    'aes-128-gcm',
    derived(key, salt, infoOf('aes128gcm'), 16),
    derived(key, salt, infoOf('nonce'), 12),
  )
  // 2: the last record, and no padding after it (RFC 8188, 2).
  const record = Buffer.concat([
    cipher.update(payload),
    cipher.update(Buffer.of(2)),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(RECORD_BYTES)
  return Buffer.concat([salt, size, Buffer.of(ours.length), ours, record])
}

/** Of this hub: push services take what is sealed for a browser only from whoever it subscribed to. Base64url. */
export interface SenderKeys {
  /** A point of P-256, uncompressed: what browsers subscribe with. */
  readonly publicKey: string
  /** PKCS #8. */
  readonly privateKey: string
}
export function makeSenderKeys(): SenderKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: CURVE })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return {
    publicKey: Buffer.concat([Buffer.of(4), bytesOf(x), bytesOf(y)]).toString('base64url'),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
  }
}

const LIFE_S = 12 * 3600
/** The Authorization header for a push service. @param contact mail address whom its operators may write to @param now ms since 1970 */
export function senderProof(endpoint: string, keys: SenderKeys, contact: string, now: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(now / 1000) + LIFE_S, sub: `mailto:${contact}` }
  const said = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`
  const key = createPrivateKey({ key: bytesOf(keys.privateKey), format: 'der', type: 'pkcs8' })
  const signature = sign('sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' })
  return `vapid t=${said}.${signature.toString('base64url')}, k=${keys.publicKey}`
}
