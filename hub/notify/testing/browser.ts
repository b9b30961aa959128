/** A browser's half of a push message (RFC 8291), written from the other side than the hub's. */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/** A browser: its keys, and what it reads of a body. */
export class TestBrowser {
  readonly #ecdh = createECDH('prime256v1')
  readonly #auth = randomBytes(16)
  constructor() {
    this.#ecdh.generateKeys()
  }
  get keys() {
    return { p256dh: this.#ecdh.getPublicKey('base64url'), auth: this.#auth.toString('base64url') }
  }
  reads(body: Buffer): string {
    const [salt, theirs] = [body.subarray(0, 16), body.subarray(21, 86)]
    const secret = this.#ecdh.computeSecret(theirs)
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#ecdh.getPublicKey(), theirs])
    const key = Buffer.from(hkdfSync('sha256', secret, this.#auth, info, 32))
    const derive = (name: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', key, salt, Buffer.from(`Content-Encoding: ${name}\0`), bytes))
    const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
    decipher.setAuthTag(body.subarray(-16))
    const plain = Buffer.concat([decipher.update(body.subarray(86, -16)), decipher.final()])
    if (plain.at(-1) !== 2) throw new Error('not the last record')
    return plain.subarray(0, -1).toString()
  }
}
